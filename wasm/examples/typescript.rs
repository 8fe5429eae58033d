//! Prints `js/generated.ts`; `cargo xtask wasm` keeps it.

fn main() -> std::io::Result<()> {
    use std::io::Write;
    std::io::stdout().write_all(yilian_wasm::typescript::generated().as_bytes())
}
