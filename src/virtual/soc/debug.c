/* Breakpoints are hooks of libunicorn at their address: code is translated anew when one is set,
 * and runs at full speed everywhere else. */
#include "virtual/soc/debug.h"

#include <string.h>

enum { AROUND = 0x1000, CPSR_THUMB = 0x20 };

static const int registers[SOC_REGISTERS_COUNT] = {
    UC_ARM_REG_R0,  UC_ARM_REG_R1,  UC_ARM_REG_R2,  UC_ARM_REG_R3, UC_ARM_REG_R4,  UC_ARM_REG_R5,
    UC_ARM_REG_R6,  UC_ARM_REG_R7,  UC_ARM_REG_R8,  UC_ARM_REG_R9, UC_ARM_REG_R10, UC_ARM_REG_R11,
    UC_ARM_REG_R12, UC_ARM_REG_R13, UC_ARM_REG_R14, UC_ARM_REG_PC, UC_ARM_REG_CPSR};

void debug_registers(struct board *b, uint32_t out[SOC_REGISTERS_COUNT]) {
    for (int i = 0; i < SOC_REGISTERS_COUNT; i++) {
        out[i] = 0;
        uc_reg_read(b->uc, registers[i], &out[i]);
    }
}

void debug_set_register(struct board *b, unsigned n, uint32_t value) {
    if (n < SOC_REGISTERS_COUNT)
        uc_reg_write(b->uc, registers[n], &value);
}

static bool is_register(uint32_t address, size_t size) {
    return address + size > SOC_APB_BASE && address < SOC_APB_BASE + SOC_APB_SIZE;
}

/* What stood where breakpoints are, so that a debugger sees the firmware's own code. */
static void cover(const struct board *b, uint32_t address, uint8_t *out, size_t size) {
    for (int i = 0; i < b->debug.count; i++)
        for (uint32_t k = 0; k < b->debug.at[i].width; k++) {
            uint32_t offset = b->debug.at[i].address + k - address;
            if (offset < size)
                out[offset] = b->debug.at[i].original[k];
        }
}

bool debug_read(struct board *b, uint32_t address, uint8_t *out, size_t size) {
    if (is_register(address, size) || uc_mem_read(b->uc, address, out, size) != UC_ERR_OK)
        return false;
    cover(b, address, out, size);
    return true;
}

bool debug_write(struct board *b, uint32_t address, const uint8_t *bytes, size_t size) {
    return !is_register(address, size) && uc_mem_write(b->uc, address, bytes, size) == UC_ERR_OK;
}

/* Code around the address is translated anew. */
static void translate_again(struct board *b, uint32_t address) {
    uint32_t from = address & ~(uint32_t)(AROUND - 1);
    uc_ctl_remove_cache(b->uc, (uint64_t)from, (uint64_t)from + 2 * AROUND);
}

/* Puts bytes where code is. */
static void patch(struct board *b, uint32_t address, const uint8_t *bytes, uint32_t width) {
    uc_mem_write(b->uc, address, bytes, width);
    translate_again(b, address);
}

static int find(const struct board *b, uint32_t address) {
    for (int i = 0; i < b->debug.count; i++)
        if (b->debug.at[i].address == address)
            return i;
    return -1;
}

bool debug_break(struct board *b, uint32_t address, uint32_t width) {
    static const uint8_t arm[] = {0x70, 0x00, 0x20, 0xE1}, thumb[] = {0x00, 0xBE};
    struct soc_debug *d = &b->debug;
    uint8_t original[4] = {0};
    width = width == sizeof arm ? sizeof arm : sizeof thumb;
    if (d->count == SOC_BREAKPOINTS || find(b, address) >= 0 ||
        uc_mem_read(b->uc, address, original, width) != UC_ERR_OK)
        return false;
    d->at[d->count].address = address;
    d->at[d->count].width = width;
    memcpy(d->at[d->count++].original, original, sizeof original);
    patch(b, address, width == sizeof arm ? arm : thumb, width);
    return true;
}

void debug_unbreak(struct board *b, uint32_t address) {
    struct soc_debug *d = &b->debug;
    int i = find(b, address);
    if (i < 0)
        return;
    patch(b, address, d->at[i].original, d->at[i].width);
    d->at[i] = d->at[--d->count];
}

bool debug_stops(struct board *b, uint32_t pc) {
    if (find(b, pc) < 0)
        return false;
    b->debug.hit = b->halt = true;
    return true;
}

static void run_one(struct board *b, uint32_t pc) {
    uint32_t cpsr = 0;
    uc_reg_read(b->uc, UC_ARM_REG_CPSR, &cpsr);
    translate_again(b, pc);
    b->stop = UINT64_MAX;
    uc_emu_start(b->uc, pc | (cpsr & CPSR_THUMB ? 1 : 0), 0xFFFFFFFF, 0, 1);
    translate_again(b, pc);
    b->now++;
}

void debug_step(struct board *b) {
    uint32_t pc = 0;
    uc_reg_read(b->uc, UC_ARM_REG_PC, &pc);
    int i = find(b, pc);
    uint32_t width = i < 0 ? 0 : b->debug.at[i].width;
    debug_unbreak(b, pc);
    b->debug.hit = b->halt = false;
    run_one(b, pc);
    if (i >= 0)
        debug_break(b, pc, width);
}

void debug_resume(struct board *b) {
    uint32_t pc = 0;
    b->debug.hit = b->halt = false;
    if (b->debug.count == 0)
        return;
    uc_reg_read(b->uc, UC_ARM_REG_PC, &pc);
    if (find(b, pc) >= 0)
        debug_step(b);
}
