/* Updates: nothing is touched before the header is good, the old firmware stays until the new one
 * has proven itself, and the power may go at any flash operation. */
#include "device/service/update/boot_record.h"
#include "device/service/update/update.h"
#include "device/store/files.h"
#include "http_client.h"
#include "sample_update.h"

#include "check.h"

enum { CONTENT = 9000, IMAGE = UPDATE_HEADER_OWN + CONTENT };
#define HEAD "POST /api/v2/update HTTP/1.1\r\nHost: p\r\n"

static uint8_t image[IMAGE];
static struct client client;

static void make_image(const char *chip, const char *version) {
    sample_update(image, CONTENT, chip, version);
}

static unsigned slot(const struct plug *plug) {
    return plug->device.hal.chip.slot_running;
}

static void good_image_is_tried_and_stays(void **state) {
    (void)state;
    struct plug *plug = client_plug();
    make_image("BK7231N", "2.0.0");
    store_file_write(&plug->device.store, "keep.txt", "kept", 4);
    assert_int_equal(client_request(&client, plug, HEAD, image, sizeof image), 200);
    assert_non_null(strstr(client.got, "\"version\":\"2.0.0\""));
    assert_int_equal(slot(plug), 0);
    plug_run_ms(plug, 1100);
    plug_restart(plug, HAL_RESET_SOFTWARE);
    assert_int_equal(slot(plug), 1);
    assert_int_equal(plug->device.update.step, UPDATE_ON_TRIAL);
    assert_string_equal(update_version(&plug->device), "2.0.0");
    plug_run_fast(plug, 35000);
    assert_int_equal(plug->device.update.step, UPDATE_IDLE);
    plug_restart(plug, HAL_RESET_POWER);
    assert_int_equal(slot(plug), 1);
    struct store_file_info file;
    assert_int_equal(store_file_find(&plug->device.store, "keep.txt", &file), STATUS_OK);
    assert_int_equal(plug->device.config.ota_counter, 1);
    client_plug_free(plug);
}

static void image_that_crashes_is_rolled_back(void **state) {
    (void)state;
    struct plug *plug = client_plug();
    make_image("BK7231N", "2.0.0");
    assert_int_equal(client_request(&client, plug, HEAD, image, sizeof image), 200);
    plug_restart(plug, HAL_RESET_SOFTWARE);
    plug_run_fast(plug, 5000);
    plug_restart(plug, HAL_RESET_WATCHDOG);
    assert_int_equal(slot(plug), 0);
    assert_int_equal(plug->device.update.step, UPDATE_FAILED);
    plug_restart(plug, HAL_RESET_POWER);
    assert_int_equal(slot(plug), 0);
    client_plug_free(plug);
}

static void image_without_network_is_rolled_back(void **state) {
    (void)state;
    struct plug *plug = client_plug();
    make_image("BK7231N", "2.0.0");
    snprintf(plug->device.config.wifi_ssid, 8, "home");
    settings_save(&plug->device);
    assert_int_equal(client_request(&client, plug, HEAD, image, sizeof image), 200);
    plug_restart(plug, HAL_RESET_SOFTWARE);
    assert_int_equal(slot(plug), 1);
    for (unsigned s = 0; s < 320 && slot(plug) == 1; s++) {
        plug->device.wifi = HAL_WIFI_DISCONNECTED;
        plug_run_fast(plug, 1000);
    }
    assert_int_equal(slot(plug), 0);
    client_plug_free(plug);
}

static void refused(struct plug *plug, const void *data, size_t size, int status) {
    uint32_t before = plug->chip.flash_steps;
    assert_int_equal(client_request(&client, plug, HEAD, data, size), status);
    assert_int_equal(plug->chip.flash_steps, before); /* not a byte of flash was touched */
    plug_restart(plug, HAL_RESET_SOFTWARE);
    assert_int_equal(slot(plug), 0);
}

static void wrong_images_touch_nothing(void **state) {
    (void)state;
    struct plug *plug = client_plug();
    make_image("BK7231T", "2.0.0");
    refused(plug, image, sizeof image, 422); /* another chip */
    make_image("BK7231N", "2.0.0");
    refused(plug, image, sizeof image - 1, 422); /* cut */
    image[70] ^= 1;
    refused(plug, image, sizeof image, 422); /* header damaged */
    memset(image, 'x', sizeof image);
    refused(plug, image, sizeof image, 422); /* no image */
    refused(plug, "short", 5, 422);
    client_plug_free(plug);
}

static void damaged_content_touches_nothing_where_there_is_ram(void **state) {
    (void)state;
    struct plug *plug = client_plug();
    make_image("BK7231N", "2.0.0");
    image[5000] ^= 1;
    refused(plug, image, sizeof image, 422);
    client_plug_free(plug);
}

static struct plug *plug_without_stage(void) {
    struct plug *plug = client_plug();
    plug->chip.hal.stage = NULL;
    plug_restart(plug, HAL_RESET_POWER);
    return plug;
}

static void damaged_content_never_starts_where_there_is_no_ram(void **state) {
    (void)state;
    struct plug *plug = plug_without_stage();
    make_image("BK7231N", "2.0.0");
    image[5000] ^= 1;
    assert_int_equal(client_request(&client, plug, HEAD, image, sizeof image), 422);
    plug_restart(plug, HAL_RESET_SOFTWARE);
    assert_int_equal(slot(plug), 0);
    make_image("BK7231N", "2.0.0");
    assert_int_equal(client_request(&client, plug, HEAD, image, sizeof image), 200);
    plug_restart(plug, HAL_RESET_SOFTWARE);
    assert_int_equal(slot(plug), 1);
    client_plug_free(plug);
}

#define CHECK "POST /api/v2/update/check HTTP/1.1\r\nHost: p\r\n"
static void check_verifies_and_touches_nothing(void **state) {
    (void)state;
    struct plug *plug = plug_without_stage();
    uint32_t before = plug->chip.flash_steps;
    make_image("BK7231N", "2.0.0");
    assert_int_equal(client_request(&client, plug, CHECK, image, sizeof image), 200);
    assert_non_null(strstr(client.got, "\"restart\":false"));
    image[5000] ^= 1;
    assert_int_equal(client_request(&client, plug, CHECK, image, sizeof image), 422);
    assert_int_equal(plug->chip.flash_steps, before);
    client_plug_free(plug);
}

static void broken_upload_leaves_the_old_one_and_the_next_works(void **state) {
    (void)state;
    struct plug *plug = client_plug();
    char head[160];
    make_image("BK7231N", "2.0.0");
    snprintf(head, sizeof head, HEAD "Content-Length: %u\r\n\r\n", IMAGE);
    assert_true(client_open(&client, plug));
    client_say(&client, head);
    client_send(&client, image, IMAGE / 2);
    client_close(&client);
    assert_int_equal(plug->device.update.step, UPDATE_FAILED);
    assert_int_equal(client_request(&client, plug, HEAD, image, sizeof image), 200);
    client_plug_free(plug);
}

/* Signed by the key of RFC 8032's first test, over the header that make_image makes. */
static void signature_is_asked_for_when_a_key_is_set(void **state) {
    (void)state;
    struct plug *plug = client_plug();
    static const uint8_t key[32] = {0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7,
                                    0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a,
                                    0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25,
                                    0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a};
    static const uint8_t signature[64] = {
        0x41, 0xf2, 0x24, 0xf6, 0xf3, 0x55, 0x64, 0x31, 0x26, 0xf4, 0xf9, 0x48, 0x43,
        0x29, 0x76, 0x88, 0x30, 0xc7, 0x66, 0x73, 0xfd, 0x88, 0x15, 0xe4, 0x88, 0xec,
        0x61, 0x24, 0x5b, 0x8d, 0x5a, 0xb1, 0x8a, 0xab, 0x1f, 0x18, 0xa3, 0xa3, 0x92,
        0x4f, 0x58, 0x78, 0xe0, 0x4b, 0xb8, 0xff, 0x76, 0x7c, 0xb8, 0xda, 0x3f, 0x9a,
        0x0e, 0x11, 0xbb, 0xd0, 0x38, 0x46, 0x4c, 0x16, 0x72, 0x5e, 0x16, 0x0b};
    memcpy(plug->device.config.update_key, key, sizeof key);
    settings_save(&plug->device);
    make_image("BK7231N", "2.0.0");
    refused(plug, image, sizeof image, 422);
    struct update_image i;
    assert_null(update_image_read(image, sizeof image, "BK7231N", 1 << 20, &i));
    i.has_signature = true;
    memcpy(i.signature, signature, sizeof signature);
    update_image_write(&i, image);
    assert_int_equal(client_request(&client, plug, HEAD, image, sizeof image), 200);
    i.signature[9] ^= 4;
    update_image_write(&i, image);
    plug_restart(plug, HAL_RESET_SOFTWARE);
    plug_run_fast(plug, 35000);
    assert_int_equal(client_request(&client, plug, HEAD, image, sizeof image), 422);
    client_plug_free(plug);
}

/* Cuts the power inside flash operation `cut`; false when there were not so many. */
static bool cut_at(uint32_t cut) {
    struct plug *plug = client_plug();
    store_file_write(&plug->device.store, "keep.txt", "kept", 4);
    plug->chip.flash_steps = 0;
    plug->chip.cut_at = cut;
    plug->chip.cut_random = cut * 2654435761U;
    client_request(&client, plug, HEAD, image, sizeof image);
    bool happened = plug->chip.dead;
    plug_restart(plug, HAL_RESET_POWER);
    unsigned now = slot(plug);
    if (now == 1) { /* the choice was written: it must hold a whole image */
        assert_int_equal(plug->device.update.step, UPDATE_ON_TRIAL);
        assert_string_equal(update_version(&plug->device), "2.0.0");
    }
    assert_int_equal(
        client_request(&client, plug, "GET /api/info HTTP/1.1\r\nHost: p\r\n", NULL, 0), 200);
    struct store_file_info file;
    assert_int_equal(store_file_find(&plug->device.store, "keep.txt", &file), STATUS_OK);
    plug_restart(plug, HAL_RESET_POWER); /* on trial and unproven: the old one again */
    assert_int_equal(slot(plug), 0);
    client_plug_free(plug);
    return happened;
}

static void power_may_go_at_any_step_of_an_update(void **state) {
    (void)state;
    uint32_t cut = 1;
    make_image("BK7231N", "2.0.0");
    while (cut_at(cut))
        cut++;
    assert_true(cut > 38); /* 3 erases and 37 pages at least */
}

static void power_may_go_while_the_boot_record_moves(void **state) {
    (void)state;
    for (uint32_t cut = 1; cut <= 200; cut++) {
        struct plug *plug = client_plug();
        struct boot_record r = {.state = BOOT_STABLE, .slot = 0};
        for (unsigned i = 0; i < cut; i++) { /* every place in both sectors comes up */
            r.state = i % 2 ? BOOT_STABLE : BOOT_FAILED;
            r.slot = i % 2 ? 0 : 1; /* both mean: slot 0 runs */
            plug->chip.flash_steps = 0;
            plug->chip.cut_at = i + 1 == cut ? 1 + cut % 2 : 0;
            plug->chip.cut_random = cut;
            boot_record_write(&plug->chip.hal, &r);
        }
        plug_restart(plug, HAL_RESET_POWER);
        assert_int_equal(slot(plug), 0);
        client_plug_free(plug);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_image_is_tried_and_stays),
        cmocka_unit_test(image_that_crashes_is_rolled_back),
        cmocka_unit_test(image_without_network_is_rolled_back),
        cmocka_unit_test(wrong_images_touch_nothing),
        cmocka_unit_test(damaged_content_touches_nothing_where_there_is_ram),
        cmocka_unit_test(damaged_content_never_starts_where_there_is_no_ram),
        cmocka_unit_test(check_verifies_and_touches_nothing),
        cmocka_unit_test(broken_upload_leaves_the_old_one_and_the_next_works),
        cmocka_unit_test(signature_is_asked_for_when_a_key_is_set),
        cmocka_unit_test(power_may_go_at_any_step_of_an_update),
        cmocka_unit_test(power_may_go_while_the_boot_record_moves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
