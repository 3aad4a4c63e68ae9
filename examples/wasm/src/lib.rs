//! The answers of `examples/answers.rs` in WebAssembly, through two functions with a plain C interface, which `run.mjs` calls.

use std::sync::OnceLock;

#[path = "../../answers.rs"]
#[allow(dead_code, reason = "there it is a program, here it is not")]
mod answers;

static ANSWERS: OnceLock<String> = OnceLock::new();

/// Where the answers begin.
#[unsafe(no_mangle)]
pub extern "C" fn answers_begin() -> *const u8 {
    ANSWERS.get_or_init(answers::answers).as_ptr()
}

/// How many bytes they are.
#[unsafe(no_mangle)]
pub extern "C" fn answers_length() -> usize {
    ANSWERS.get_or_init(answers::answers).len()
}
