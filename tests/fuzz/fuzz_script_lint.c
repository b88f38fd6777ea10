/* The linter, its trial plug included, on whatever the fuzzer takes for a script. Findings must
 * point into the script. */
#include "cli/script_lint.h"
#include "plug_snapshot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(void *context, const struct lint_finding *finding) {
    const unsigned *lines = context;
    if (finding->line > *lines || !finding->column ||
        memchr(finding->text, 0, sizeof finding->text) == NULL)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct plug_snapshot *s;
    if (!s) {
        s = calloc(1, sizeof *s);
        if (!s || !plug_init(&s->plug, "BK7231N"))
            abort();
        snapshot_take(s);
    }
    if (size > 4096)
        return 0;
    unsigned lines = 1;
    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n';
    char *text = malloc(size + 1);
    if (!text)
        return 0;
    memcpy(text, data, size);
    script_lint(&s->plug.device, size & 1, text, size, look, &lines);
    free(text);
    snapshot_restore(s);
    return 0;
}
