// The layout engine, a chunk of its own: it is loaded when there is a graph to lay out.

export { Graphviz } from "@hpcc-js/wasm-graphviz";
