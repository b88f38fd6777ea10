/* libunicorn as the core. A block hook counts instructions (a third of the bytes is a fair mix of
 * ARM and Thumb) and stops at the deadline; interrupts are delivered between runs, software
 * interrupts in the interrupt hook. */
#include "virtual/soc/core.h"

#include "virtual/soc/bus.h"
#include "virtual/soc/debug.h"

enum {
    MODE_FIQ = 0x11,
    MODE_IRQ = 0x12,
    MODE_SVC = 0x13,
    CPSR_MODE = 0x1F,
    CPSR_THUMB = 0x20,
    CPSR_NO_FIQ = 0x40,
    CPSR_NO_IRQ = 0x80,
    CPSR_RESET = 0xD3,
    VECTOR_UNDEFINED = 0x04,
    VECTOR_SWI = 0x08,
    VECTOR_IRQ = 0x18,
    VECTOR_FIQ = 0x1C,
    GLOBAL_IRQ = 1,
    GLOBAL_FIQ = 2,
    EXCEPTION_SWI = 2,
    EXCEPTION_BREAK = 7,
    ABORT_TICKS = 1000,
    ABORTS_MAX = 100,
};

static uint32_t get(struct board *b, int reg) {
    uint32_t value = 0;
    uc_reg_read(b->uc, reg, &value);
    return value;
}

static void set(struct board *b, int reg, uint32_t value) {
    uc_reg_write(b->uc, reg, &value);
}

static void enter_exception(struct board *b, uint32_t mode, uint32_t vector, uint32_t link) {
    uint32_t cpsr = get(b, UC_ARM_REG_CPSR);
    set(b, UC_ARM_REG_CPSR, (cpsr & ~(uint32_t)(CPSR_MODE | CPSR_THUMB)) | mode | CPSR_NO_IRQ);
    set(b, UC_ARM_REG_LR, link);
    set(b, UC_ARM_REG_SPSR, cpsr);
    set(b, UC_ARM_REG_PC, vector);
}

static void on_block(uc_engine *uc, uint64_t address, uint32_t size, void *user) {
    (void)address;
    struct board *b = user;
    b->now += (size + 2) / 3;
    if (b->now >= b->stop)
        uc_emu_stop(uc);
}

static void on_interrupt(uc_engine *uc, uint32_t number, void *user) {
    struct board *b = user;
    uint32_t pc = get(b, UC_ARM_REG_PC);
    if (number == EXCEPTION_SWI)
        enter_exception(b, MODE_SVC, VECTOR_SWI, pc);
    else if (number != EXCEPTION_BREAK || !debug_stops(b, pc))
        b->reset_requested = true; /* an abort nobody handles: the real chip's watchdog bites */
    b->stop = b->now;
    uc_emu_stop(uc);
}

enum status core_open(struct board *b) {
    if (uc_open(UC_ARCH_ARM, UC_MODE_ARM, &b->uc) != UC_ERR_OK)
        return STATUS_INTERNAL;
    uc_ctl_set_cpu_model(b->uc, UC_CPU_ARM_946);
    bool ok =
        uc_hook_add(b->uc, &b->block_hook, UC_HOOK_BLOCK, (void *)on_block, b, 1, 0) == UC_ERR_OK &&
        uc_hook_add(b->uc, &b->interrupt_hook, UC_HOOK_INTR, (void *)on_interrupt, b, 1, 0) ==
            UC_ERR_OK;
    return ok ? STATUS_OK : STATUS_INTERNAL;
}

void core_reset(struct board *b) {
    set(b, UC_ARM_REG_CPSR, CPSR_RESET);
    set(b, UC_ARM_REG_PC, b->entry);
}

bool core_interrupt_masked(struct board *b) {
    uint32_t pending = b->irq & *board_word(b, 0x802040), global = *board_word(b, 0x802044);
    bool irq = pending & 0xFFFF && global & GLOBAL_IRQ;
    bool fiq = pending >> 16 && global & GLOBAL_FIQ;
    if (!irq && !fiq)
        return false;
    uint32_t cpsr = get(b, UC_ARM_REG_CPSR), link = get(b, UC_ARM_REG_PC) + 4;
    if (fiq && !(cpsr & CPSR_NO_FIQ))
        enter_exception(b, MODE_FIQ | CPSR_NO_FIQ, VECTOR_FIQ, link);
    else if (irq && !(cpsr & CPSR_NO_IRQ))
        enter_exception(b, MODE_IRQ, VECTOR_IRQ, link);
    return true; /* now masked by the exception itself */
}

enum status core_run(struct board *b) {
    uint32_t pc = get(b, UC_ARM_REG_PC);
    uint32_t thumb = get(b, UC_ARM_REG_CPSR) & CPSR_THUMB ? 1 : 0;
    uint64_t before = b->now;
    uc_err error = uc_emu_start(b->uc, pc | thumb, 0xFFFFFFFF, 0, 0);
    if (error == UC_ERR_FETCH_PROT && bus_let_ram_execute(b))
        return STATUS_OK;
    if (error != UC_ERR_OK) { /* an abort: on the real chip the watchdog bites in the end */
        b->reset_requested = true;
        b->now += ABORT_TICKS;
        return ++b->aborts <= ABORTS_MAX ? STATUS_OK : STATUS_INTERNAL;
    }
    if (b->now == before)
        b->now++; /* always make progress, whatever the guest does */
    return STATUS_OK;
}
