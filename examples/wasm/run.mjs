// Prints the answers of the WebAssembly module named on the command line: `node run.mjs module.wasm`.
import { readFileSync, writeSync } from "node:fs";

const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]));
const { answers_begin, answers_length, memory } = instance.exports;
const begin = answers_begin();
const bytes = new Uint8Array(memory.buffer, begin, answers_length());
for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
