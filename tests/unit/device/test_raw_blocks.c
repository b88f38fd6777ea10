/* What the OpenBeken web application does around an update: it saves all files as one block, writes
 * firmware and configuration to addresses of the flash, and brings the files back. Here each way
 * leads through the same checks as the modern one. */
#include "device/service/update/update.h"
#include "device/store/files.h"
#include "http_client.h"

#include "check.h"

static struct client client;

#define POST(path) "POST " path " HTTP/1.1\r\nHost: p\r\n"

static bool has(struct plug *plug, const char *name, const char *content) {
    struct store_file_info file;
    char text[64] = "";
    if (store_file_find(&plug->device.store, name, &file) != STATUS_OK)
        return false;
    store_file_read(&plug->device.store, &file, 0, text, sizeof text - 1);
    return strcmp(text, content) == 0;
}

static uint8_t block[8192];

/* The archive as a client saves it. */
static size_t save(struct plug *plug) {
    assert_int_equal(client_request(&client, plug,
                                    "GET /api/fsblock HTTP/1.0\r\nConnection: close\r\n", NULL, 0),
                     200);
    const char *body = strstr(client.got, "\r\n\r\n");
    assert_non_null(body);
    size_t size = client.size - (size_t)(body + 4 - client.got);
    assert_true(size < sizeof block);
    memcpy(block, body + 4, size);
    return size;
}

static void files_come_back_from_the_block(void **state) {
    (void)state;
    struct plug *plug = client_plug();
    store_file_write(&plug->device.store, "a.txt", "alpha", 5);
    store_file_write(&plug->device.store, "sub/empty", "", 0);
    store_file_write(&plug->device.store, "b.txt", "beta", 4);
    size_t size = save(plug);
    store_file_write(&plug->device.store, "a.txt", "changed", 7);
    store_file_remove(&plug->device.store, "b.txt");
    store_file_write(&plug->device.store, "new.txt", "stays", 5);
    assert_int_equal(client_request(&client, plug, POST("/api/fsblock"), block, size), 200);
    assert_non_null(strstr(client.got, "{\"size\":"));
    assert_true(has(plug, "a.txt", "alpha") && has(plug, "b.txt", "beta"));
    assert_true(has(plug, "sub/empty", "") && has(plug, "new.txt", "stays"));
    client_plug_free(plug);
}

static void damaged_and_cut_blocks_replace_no_file_by_garbage(void **state) {
    (void)state;
    struct plug *plug = client_plug();
    store_file_write(&plug->device.store, "a.txt", "alpha", 5);
    size_t size = save(plug);
    store_file_write(&plug->device.store, "a.txt", "newer", 5);
    for (size_t i = 0; i < size; i++) {
        block[i] ^= 0x10;
        assert_int_equal(client_request(&client, plug, POST("/api/fsblock"), block, size), 400);
        block[i] ^= 0x10;
        assert_true(has(plug, "a.txt", "newer") || has(plug, "a.txt", "alpha"));
        if (i < size - 5) /* the file itself was hit */
            assert_true(has(plug, "a.txt", "newer"));
        assert_null(plug->device.api.owner);
        store_file_write(&plug->device.store, "a.txt", "newer", 5);
    }
    for (size_t cut = 0; cut < size; cut++)
        assert_int_equal(client_request(&client, plug, POST("/api/fsblock"), block, cut), 400);
    assert_int_equal(client_request(&client, plug, POST("/api/fsblock"),
                                    "\1\0\0\0\xf0\x0f\xff\xf7"
                                    "littlefs",
                                    16),
                     400);
    assert_non_null(strstr(client.got, "LittleFS"));
    client_plug_free(plug);
}

static void raw_writes_go_nowhere_but_through_checks(void **state) {
    (void)state;
    struct plug *plug = client_plug();
    static const char *const refused[] = {"0",      "11000",  "10F9A",   "1D0000-1000",
                                          "1D3000", "1EE000", "1E1000",  "12A001",
                                          "",       "xyz",    "12A000;1"};
    char head[80];
    uint32_t before = plug->chip.flash_steps;
    for (unsigned i = 0; i < sizeof refused / sizeof *refused; i++) {
        snprintf(head, sizeof head, "POST /api/flash/%s HTTP/1.1\r\nHost: p\r\n", refused[i]);
        assert_int_equal(client_request(&client, plug, head, "data", 4), 403);
    }
    assert_int_equal(
        client_request(&client, plug, POST("/api/flash/12A000-1000"), "no image at all!", 16), 422);
    assert_int_equal(plug->chip.flash_steps, before);
    client_plug_free(plug);
}

static void firmware_and_configuration_are_taken_where_they_belong(void **state) {
    (void)state;
    struct plug *plug = client_plug();
    static uint8_t image[UPDATE_HEADER_OWN + 100];
    struct update_image i = {.content = 100, .chip = "BK7231N", .version = "7"};
    struct sha256 hash;
    sha256_start(&hash);
    sha256_add(&hash, image + UPDATE_HEADER_OWN, 100);
    sha256_end(&hash, i.digest);
    update_image_write(&i, image);
    assert_int_equal(
        client_request(&client, plug, POST("/api/flash/132000-1000"), image, sizeof image), 200);
    assert_non_null(strstr(client.got, "{\"size\":356}"));
    assert_int_equal(plug->device.update.step, UPDATE_READY);
    struct obk_config config = plug->device.config;
    snprintf(config.mqtt_host, sizeof config.mqtt_host, "broker.test");
    assert_true(obk_config_encode(&config, block, sizeof block) == OBK_CONFIG_SIZE);
    assert_int_equal(
        client_request(&client, plug, POST("/api/flash/1D1000-1000"), block, OBK_CONFIG_SIZE), 200);
    plug_run_ms(plug, 6000);
    assert_string_equal(plug->device.config.mqtt_host, "broker.test");
    client_plug_free(plug);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_come_back_from_the_block),
        cmocka_unit_test(damaged_and_cut_blocks_replace_no_file_by_garbage),
        cmocka_unit_test(raw_writes_go_nowhere_but_through_checks),
        cmocka_unit_test(firmware_and_configuration_are_taken_where_they_belong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
