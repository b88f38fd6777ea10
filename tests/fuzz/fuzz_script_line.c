/* The tokenizer in all its modes, the compiler and the expressions on whatever the fuzzer makes of
 * one line; then the line runs on a plug that is put back after each call. */
#include "device/script/command.h"
#include "device/script/expression.h"
#include "device/script/script.h"
#include "device/script/tokenizer.h"
#include "plug_snapshot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct plug_snapshot *s;
    static struct tokens tokens;
    char line[1024], out[64];
    uint8_t code[SCRIPT_CODE_LINE];
    if (!s) {
        s = calloc(1, sizeof *s);
        if (!s || !plug_init(&s->plug, "BK7231N"))
            abort();
        snapshot_take(s);
    }
    size = size < sizeof line - 1 ? size : sizeof line - 1;
    memcpy(line, data, size);
    line[size] = 0;
    struct device *d = &s->plug.device;
    tokens_split(d, line, size ? data[0] & 63u : 0, &tokens);
    for (unsigned i = 0; i <= tokens.count; i++) {
        tokens_text(d, &tokens, i);
        tokens_int(d, &tokens, i);
    }
    expression_text(d, line);
    constant_expand(d, line, out, sizeof out);
    struct compiler c = compile_start(d, code, sizeof code);
    if (compile_line(&c, line, size) && c.used)
        node_run(d, code, COMMAND_FROM_CONSOLE);
    script_load_text(d, "fuzz", line);
    plug_run_ms(&s->plug, 30);
    snapshot_restore(s);
    return 0;
}
