"""Tests of Paso: tables of cases first, then stories; `make test` runs them all."""
