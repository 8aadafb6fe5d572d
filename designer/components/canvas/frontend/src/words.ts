// Words, numbers and lengths as the reader's language writes them. Every word comes from Python.

export type Words = ReturnType<typeof words>;

export function words(texts: Record<string, string>, locale: string) {
  const plain = (digits: number) =>
    new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const rough = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const one = plain(1);
  const plurals = new Intl.PluralRules(locale);

  const t = (key: string, values?: Record<string, string | number>): string => {
    const text = texts[key] ?? key;
    return values ? text.replace(/\{(\w+)\}/g, (gap, name: string) => String(values[name] ?? gap)) : text;
  };

  return {
    t,
    count: (key: string, n: number) =>
      t(`${key}_${plurals.select(n) === "one" ? "one" : "many"}`, { n: whole.format(n) }),
    number: (n: number) => whole.format(n),
    percent: (n: number) => percent.format(n),
    /** 231 B, 1.2 KiB: the size of compact JSON in UTF-8, as AWS counts it */
    bytes: (n: number) =>
      n < 1024 ? `${whole.format(n)} B` : n < 1048576 ? `${rough.format(n / 1024)} KiB` : `${rough.format(n / 1048576)} MiB`,
    /** a length of virtual time in the two units that matter */
    span: (ms: number): string => {
      if (ms < 1000) return `${whole.format(ms)} ms`;
      const s = ms / 1000;
      if (s < 120) return Number.isInteger(s) ? `${whole.format(s)} s` : `${one.format(s)} s`;
      const pair = (big: number, unit: string, small: number, below: string) =>
        small ? `${whole.format(big)} ${unit} ${small} ${below}` : `${whole.format(big)} ${unit}`;
      if (s < 7200) return pair(Math.floor(s / 60), "min", Math.round(s % 60), "s");
      if (s < 172800) return pair(Math.floor(s / 3600), "h", Math.round((s % 3600) / 60), "min");
      return pair(Math.floor(s / 86400), "d", Math.round((s % 86400) / 3600), "h");
    },
    /** a point on the virtual clock */
    clock: (ms: number): string => {
      const s = ms / 1000;
      if (ms === 0) return "0 s";
      if (ms < 1000) return `${whole.format(ms)} ms`;
      if (s < 3600) return `${one.format(s)} s`;
      const days = Math.floor(s / 86400);
      const two = (n: number) => String(Math.floor(n)).padStart(2, "0");
      return `${days ? `${whole.format(days)} d ` : ""}${two((s % 86400) / 3600)}:${two((s % 3600) / 60)}:${two(s % 60)}`;
    },
  };
}
