/* Memory regions are mapped from our own buffers; the register window is dispatched to the
 * peripherals; any other address gets a zeroed page on first use, up to a limit, because images
 * touch corners of the radio that need no behaviour. */
#include "virtual/soc/bus.h"

#include "virtual/soc/mac.h"
#include "virtual/soc/shortcut.h"

enum { PAGE = 0x1000, UNMAPPED_PAGE_LIMIT = 256, MIRROR = 0x200000, TCM = 0x3F0000 };

static const struct peripheral *at(const struct board *b, uint32_t address) {
    for (const struct peripheral *const *p = b->chip->peripherals; *p; p++)
        if (address - (*p)->base < (*p)->size)
            return *p;
    return NULL;
}

static uint64_t apb_read(uc_engine *uc, uint64_t offset, unsigned size, void *user) {
    (void)uc;
    struct board *b = user;
    uint32_t address = SOC_APB_BASE + (uint32_t)offset;
    const struct peripheral *p = at(b, address);
    uint32_t word = p ? p->read(b, (address & ~3u) - p->base) : *board_word(b, address & ~3u);
    word >>= 8 * (address & 3);
    return size >= 4 ? word : word & ((1u << 8 * size) - 1);
}

static void apb_write(uc_engine *uc, uint64_t offset, unsigned size, uint64_t value, void *user) {
    (void)uc;
    struct board *b = user;
    uint32_t address = SOC_APB_BASE + (uint32_t)offset;
    uint32_t word = (uint32_t)value, shift = 8 * (address & 3);
    if (size < 4) {
        uint32_t mask = ((1u << 8 * size) - 1) << shift;
        word = (*board_word(b, address & ~3u) & ~mask) | (word << shift & mask);
    }
    const struct peripheral *p = at(b, address);
    if (p)
        p->write(b, (address & ~3u) - p->base, word);
    else
        *board_word(b, address & ~3u) = word;
}

/* A page of radio memory in which some bits always read the same, most because they tell
 * "still busy". */
static uint64_t window_read(uc_engine *uc, uint64_t offset, unsigned size, void *user) {
    (void)uc;
    (void)size;
    const struct soc_window *w = user;
    uint32_t word = w->words[offset / 4];
    for (const struct soc_fixed *f = w->fixed; f->mask; f++)
        if (f->offset == (offset & ~3u))
            word = (word & ~f->mask) | f->value;
    return word;
}

static void window_write(uc_engine *uc, uint64_t offset, unsigned size, uint64_t value,
                         void *user) {
    (void)uc;
    (void)size;
    struct soc_window *w = user;
    w->words[offset / 4] = (uint32_t)value;
}

static bool map_window(struct board *b, struct soc_window *w, uint32_t base,
                       const struct soc_fixed *fixed) {
    w->fixed = fixed;
    return uc_mmio_map(b->uc, base, PAGE, window_read, w, window_write, w) == UC_ERR_OK;
}

/* Transceiver: transaction, calibration and start-up are never busy. In the N family the BLE core
 * stands in the same page, at 0x800; its driver compares the version (lld_init). */
static const struct soc_fixed xvr_fixed[] = {{0x000, 1u << 31, 0},
                                             {0x0F8, 1u << 31, 0},
                                             {0x100, 1u << 31, 0},
                                             {0x804, 0xFFFFFFFF, 0x0A000F00},
                                             {0, 0, 0}};

static uint64_t mac_page_read(uc_engine *uc, uint64_t offset, unsigned size, void *user) {
    (void)uc;
    (void)size;
    return mac_read(user, (uint32_t)offset & ~3u);
}

static void mac_page_write(uc_engine *uc, uint64_t offset, unsigned size, uint64_t value,
                           void *user) {
    (void)uc;
    (void)size;
    mac_write(user, (uint32_t)offset & ~3u, (uint32_t)value);
}

static uint64_t mac_platform_read(uc_engine *uc, uint64_t offset, unsigned size, void *user) {
    return mac_page_read(uc, offset + SOC_MAC_PLATFORM, size, user);
}

static void mac_platform_write(uc_engine *uc, uint64_t offset, unsigned size, uint64_t value,
                               void *user) {
    mac_page_write(uc, offset + SOC_MAC_PLATFORM, size, value, user);
}

/* The MAC: registers in the first page of each half, memory between them. */
static bool map_mac(struct board *b) {
    return uc_mmio_map(b->uc, SOC_MAC_BASE, PAGE, mac_page_read, b, mac_page_write, b) ==
               UC_ERR_OK &&
           uc_mem_map(b->uc, SOC_MAC_BASE + PAGE, SOC_MAC_PLATFORM - PAGE, UC_PROT_ALL) ==
               UC_ERR_OK &&
           uc_mmio_map(b->uc, SOC_MAC_BASE + SOC_MAC_PLATFORM, PAGE, mac_platform_read, b,
                       mac_platform_write, b) == UC_ERR_OK;
}

static bool on_unmapped(uc_engine *uc, uc_mem_type type, uint64_t address, int size, int64_t value,
                        void *user) {
    (void)type;
    (void)value;
    struct board *b = user;
    if (b->unmapped_pages >= UNMAPPED_PAGE_LIMIT)
        return false;
    uint64_t page = address & ~(uint64_t)(PAGE - 1);
    uint32_t pc = 0;
    uc_reg_read(uc, UC_ARM_REG_PC, &pc);
    if (b->watch.unmapped)
        b->watch.unmapped(b->watch.context, board_us(b), (uint32_t)address, pc);
    b->unmapped_pages++;
    bool ok = uc_mem_map(uc, page, PAGE, UC_PROT_ALL) == UC_ERR_OK;
    if (ok && address + (uint64_t)size > page + PAGE)
        uc_mem_map(uc, page + PAGE, PAGE, UC_PROT_ALL);
    return ok;
}

static bool map_ram(struct board *b, uint32_t rights) {
    bool execute = rights & UC_PROT_EXEC;
    shortcut_plain_memory(SOC_RAM_BASE, execute ? 0 : SOC_RAM_SIZE);
    shortcut_forget_jumps();
    b->ram_executes = execute;
    return uc_mem_map_ptr(b->uc, SOC_RAM_BASE, SOC_RAM_SIZE, rights, b->ram) == UC_ERR_OK;
}

bool bus_let_ram_execute(struct board *b) {
    return !b->ram_executes && uc_mem_unmap(b->uc, SOC_RAM_BASE, SOC_RAM_SIZE) == UC_ERR_OK &&
           map_ram(b, UC_PROT_ALL);
}

/* The view from address 0, as much of it as there is room for; some images for BK7238 use a mirror
 * of it. */
static bool map_flash(struct board *b) {
    const uint32_t rights = UC_PROT_READ | UC_PROT_EXEC;
    uint32_t size = b->flash.view_size < TCM ? b->flash.view_size : TCM;
    bool ok = uc_mem_map_ptr(b->uc, 0, size, rights, b->flash.view) == UC_ERR_OK;
    if (size > TCM - MIRROR)
        return ok;
    return ok && uc_mem_map_ptr(b->uc, MIRROR, size, rights, b->flash.view) == UC_ERR_OK;
}

enum status bus_map(struct board *b) {
    uc_engine *uc = b->uc;
    bool ok = map_flash(b) && uc_mem_map(uc, TCM, 0x10000, UC_PROT_ALL) == UC_ERR_OK;
    ok = ok && map_ram(b, UC_PROT_READ | UC_PROT_WRITE);
    ok = ok && uc_mmio_map(uc, SOC_APB_BASE, SOC_APB_SIZE, apb_read, b, apb_write, b) == UC_ERR_OK;
    if (b->chip->sdram)
        ok = ok && uc_mem_map(uc, 0x900000, 0x100000, UC_PROT_ALL) == UC_ERR_OK;
    else
        ok = ok && map_window(b, &b->xvr, 0x900000, xvr_fixed);
    ok = ok && map_mac(b);
    ok = ok && uc_hook_add(uc, &b->memory_hook, UC_HOOK_MEM_UNMAPPED, (void *)on_unmapped, b, 1,
                           0) == UC_ERR_OK;
    return ok ? STATUS_OK : STATUS_INTERNAL;
}
