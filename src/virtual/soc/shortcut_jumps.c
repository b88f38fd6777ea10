/* Faster jumps and translation for libunicorn.
 *
 * Translated code asks the library where to go on at every jump whose target is not in the
 * instruction: returns, veneers, calls through pointers, six in ten blocks of an idle FreeRTOS. The
 * library's answer takes a hundred host instructions and several cache lines; a table of (program
 * counter, state) -> code in one line each takes twenty. An entry is made of an answer of the
 * library and only if the words of the core's state that are compared do decide the answer. Entries
 * end when the library drops a block from its own table (qht_remove, qht_reset_size), or translates
 * one, because what it answered before was "not translated yet".
 *
 * After a write to the status register the library leaves translated code to see whether an
 * interrupt is allowed now; interrupts are delivered by the board between runs, so going on with
 * the next block is as good. And most code of a boot runs a few times only: translating it without
 * optimization, which the library can do without, costs less than it gains. */
#include "virtual/soc/shortcut.h"

#include <string.h>

enum {
    ENTRIES = 4096,
    /* offsets in the library's CPUARMState, version 2.0.1 on 64-bit hosts */
    STATE_PC = 0x3C,
    STATE_FLAGS = 0x150,
    STATE_THUMB = 0x220,
    FLAG_THUMB_SHIFT = 8,
};

struct jump {
    uint32_t pc, flags, thumb, generation;
    const void *code;
};

static struct {
    bool ready, known;
    uint32_t generation; /* of the entries that are still true; never 0 */
    struct jump table[ENTRIES];
    const void *(*lookup)(const uint8_t *);
    void (*state)(const uint8_t *, uint32_t *, uint32_t *, uint32_t *);
    void *(*translate)(void *, uint32_t, uint32_t, uint32_t, int);
    bool (*remove)(void *, const void *, uint32_t);
    bool (*reset)(void *, void *, size_t);
    void (*leave)(void *, const void *, unsigned);
    void (*go_on)(void *);
    void (*optimize)(void *);
} jumps;

/* Finds the library's functions at the first call of one of ours. */
static void prepare(void) {
    if (jumps.ready)
        return;
    jumps.ready = true;
    jumps.generation = 1;
    jumps.known = shortcut_version_known() && sizeof(void *) == 8;
    shortcut_library_function("helper_lookup_tb_ptr_arm", &jumps.lookup);
    shortcut_library_function("cpu_get_tb_cpu_state_arm", &jumps.state);
    shortcut_library_function("tb_gen_code_arm", &jumps.translate);
    shortcut_library_function("qht_remove", &jumps.remove);
    shortcut_library_function("qht_reset_size", &jumps.reset);
    shortcut_library_function("tcg_gen_exit_tb_arm", &jumps.leave);
    shortcut_library_function("tcg_gen_lookup_and_goto_ptr_arm", &jumps.go_on);
    shortcut_library_function("tcg_optimize_arm", &jumps.optimize);
}

void shortcut_forget_jumps(void) {
    prepare();
    if (++jumps.generation == 0) {
        memset(jumps.table, 0, sizeof jumps.table);
        jumps.generation = 1;
    }
}

static uint32_t word(const uint8_t *state, size_t offset) {
    uint32_t value;
    memcpy(&value, state + offset, sizeof value);
    return value;
}

static struct jump *entry(uint32_t pc) {
    return &jumps.table[pc / 2 % ENTRIES];
}

/* Do the three words decide what the library looks up? */
static bool decides(const uint8_t *env, const struct jump *j) {
    uint32_t pc = 0, base = 0, flags = 0;
    if (!jumps.known || !jumps.state)
        return false;
    jumps.state(env, &pc, &base, &flags);
    return pc == j->pc && base == 0 && flags == (j->flags | j->thumb << FLAG_THUMB_SHIFT);
}

/* Asks the library and keeps its answer. */
static __attribute__((noinline)) const void *ask(const uint8_t *env) {
    struct jump *j = entry(word(env, STATE_PC));
    *j = (struct jump){.pc = word(env, STATE_PC),
                       .flags = word(env, STATE_FLAGS),
                       .thumb = word(env, STATE_THUMB),
                       .code = jumps.lookup(env)};
    if (decides(env, j))
        j->generation = jumps.generation;
    return j->code;
}

const void *helper_lookup_tb_ptr_arm(const uint8_t *env) {
    uint32_t pc = word(env, STATE_PC);
    const struct jump *j = entry(pc);
    uint32_t differs = (j->pc ^ pc) | (j->flags ^ word(env, STATE_FLAGS)) |
                       (j->thumb ^ word(env, STATE_THUMB)) | (j->generation ^ jumps.generation);
    return differs ? ask(env) : j->code;
}

void *tb_gen_code_arm(void *cpu, uint32_t pc, uint32_t base, uint32_t flags, int how) {
    prepare();
    entry(pc)->generation = 0;
    return jumps.translate(cpu, pc, base, flags, how);
}

bool qht_remove(void *table, const void *block, uint32_t hash) {
    shortcut_forget_jumps();
    return jumps.remove(table, block, hash);
}

bool qht_reset_size(void *uc, void *table, size_t size) {
    shortcut_forget_jumps();
    return jumps.reset(uc, table, size);
}

void tcg_gen_exit_tb_arm(void *translation, const void *block, unsigned exit) {
    prepare();
    if (jumps.known && !block && exit == 0)
        jumps.go_on(translation);
    else
        jumps.leave(translation, block, exit);
}

void tcg_optimize_arm(void *translation) {
    prepare();
    if (!jumps.known)
        jumps.optimize(translation);
}
