/* The rows of the table of settings: name, type, field of struct obk_config, storage key, lowest,
 * highest (-1: all 32 bits), secret, help. Keys are storage addresses: a key is never given to
 * something else. Included by settings_table.c for the
 * table and by settings_help.c for the helps. */
SETTING("name_short", TEXT, short_name, 1, 0, 0, false, "short name: host name and default topic")
SETTING("name_long", TEXT, long_name, 2, 0, 0, false, "friendly name")
SETTING("wifi_ssid", TEXT, wifi_ssid, 3, 0, 0, false, "network name; empty: own access point")
SETTING("wifi_pass", TEXT, wifi_pass, 4, 0, 0, true, "network password")
SETTING("wifi_ssid2", TEXT, wifi_ssid2, 5, 0, 0, false, "second network")
SETTING("wifi_pass2", TEXT, wifi_pass2, 6, 0, 0, true, "password of the second network")
SETTING("mqtt_host", TEXT, mqtt_host, 7, 0, 0, false, "broker; empty: no MQTT")
SETTING("mqtt_port", INT, mqtt_port, 8, 1, 65535, false, "port of the broker")
SETTING("mqtt_client", TEXT, mqtt_client_id, 9, 0, 0, false, "client id and topic prefix")
SETTING("mqtt_group", TEXT, mqtt_group, 10, 0, 0, false, "topic prefix shared by a group")
SETTING("mqtt_user", TEXT, mqtt_user, 11, 0, 0, false, "user name at the broker")
SETTING("mqtt_pass", TEXT, mqtt_pass, 12, 0, 0, true, "password at the broker")
SETTING("mqtt_tls", BOOL, mqtt_use_tls, 13, 0, 1, false, "TLS to the broker")
SETTING("mqtt_verify", BOOL, mqtt_verify_tls, 14, 0, 1, false, "verify the broker's certificate")
SETTING("mqtt_cert", TEXT, mqtt_cert, 15, 0, 0, false, "file with the certificate")
SETTING("flags", UINT, flags, 16, 0, -1, false, "flags 0 to 31")
SETTING("flags2", UINT, flags2, 17, 0, -1, false, "flags 32 to 51")
SETTING("logger_flags", UINT, logger_flags, 18, 0, -1, false, "flags of the log")
SETTING("pins", BYTES, pins, 19, 0, 0, false, "role, channel, second channel of every pin")
SETTING("channel_types", BYTES, channel_types, 20, 0, 0, false, "type of every channel")
SETTING("start_values", BYTES, start_values, 21, 0, 0, false,
        "start value of every channel; -1: the last")
SETTING("button_short", INT, button_short, 22, 1, 255, false, "longest click, 0.1 s")
SETTING("button_long", INT, button_long, 23, 1, 255, false, "shortest hold, 0.1 s")
SETTING("button_repeat", INT, button_repeat, 24, 1, 255, false, "repetition while held, 0.1 s")
SETTING("boot_ok", INT, boot_ok_seconds, 25, 1, 255, false,
        "uptime after which a boot counts as good, s")
SETTING("startup", TEXT, startup, 26, 0, 0, false, "commands run at every start")
SETTING("webapp", TEXT, webapp_root, 27, 0, 0, false, "address of the web application")
SETTING("web_password", TEXT, web_password, 28, 0, 0, true,
        "password of the web pages; empty: none")
SETTING("web_off", BOOL, disable_web, 29, 0, 1, false, "no web server")
SETTING("ping_host", TEXT, ping_host, 30, 0, 0, false, "whom to ping")
SETTING("ping_interval", INT, ping_interval, 31, 0, INT32_MAX, false, "between pings, s")
SETTING("ping_seconds", INT, ping_seconds, 32, 0, INT32_MAX, false,
        "without reply until reconnecting, s; 0: never")
SETTING("ntp_server", TEXT, ntp_server, 33, 0, 0, false, "time server")
SETTING("dgr_name", TEXT, group_name, 34, 0, 0, false, "device group")
SETTING("dgr_send", UINT, group_send_flags, 35, 0, -1, false, "what the device group is told")
SETTING("dgr_recv", UINT, group_receive_flags, 36, 0, -1, false, "what the device group may change")
SETTING("calibration", BYTES, calibration, 37, 0, 0, false, "factors of the power meter")
SETTING("static_ip", BYTES, static_ip, 38, 0, 0, false, "address, mask, gateway, DNS; zeros: DHCP")
SETTING("led_map", BYTES, led_map, 39, 0, 0, false, "order of the colours")
SETTING("led_correction", BYTES, led_correction, 40, 0, 0, false,
        "calibration, gamma, minima of lights")
SETTING("mac", BYTES, mac, 41, 0, 0, false, "hardware address")
SETTING("lfs_size", UINT, lfs_size, 42, 0, -1, false,
        "size of the file system as OpenBeken counts it")
SETTING("change_counter", INT, change_counter, 43, 0, 65535, false,
        "how often the configuration was saved")
SETTING("ota_counter", INT, ota_counter, 44, 0, 65535, false, "how often the firmware was replaced")
SETTING("log2lfs", INT, log2lfs, 45, 0, 255, false, "copy of the start log into files")
SETTING("view_password", TEXT, view_password, 80, 0, 0, true,
        "password of user view, who may look and not change; empty: nobody")
SETTING("ha_discovery", INT, ha_form, 60, 0, 1, false,
        "Home Assistant: 0 one message for the device, 1 one per entity")
SETTING("ha_prefix", TEXT, ha_prefix, 61, 0, 0, false,
        "first word of discovery topics; empty: homeassistant")
SETTING("ntp_server2", TEXT, ntp_server2, 62, 0, 0, false,
        "time server when the first does not answer")
SETTING("update_key", BYTES, update_key, 81, 0, 0, false,
        "Ed25519 key that updates must be signed for; zeros: none needed")
