/* Commands of the TuyaMCU room: the serial link to a second processor. Rows marked
 * AWAY are known by name, so that scripts load and say what is missing when they run. */
#include "device/command/groups.h"

#define AWAY(name)                                                                                 \
    { name, "r", 0, 0, "...", "not in this build", 0, "the TuyaMCU room" }

const struct command_row tuyamcu_rows[] = {
    AWAY("uartInit"),
    AWAY("uartSendHex"),
    AWAY("uartSendASCII"),
    AWAY("uartFakeHex"),
    AWAY("fakeTuyaPacket"),
    AWAY("linkTuyaMCUOutputToChannel"),
    AWAY("tuyaMcu_setBaudRate"),
    AWAY("tuyaMcu_sendState"),
    AWAY("tuyaMcu_sendCmd"),
    AWAY("tuyaMcu_setDimmerRange"),
    AWAY("tuyaMcu_defWiFiState"),
    AWAY("tuyaMcu_sendHeartbeat"),
    AWAY("tuyaMcu_sendQueryState"),
    AWAY("tuyaMcu_sendProductInformation"),
    AWAY("tuyaMcu_sendMCUConf"),
    AWAY("tuyaMcu_sendCurTime"),
    AWAY("tuyaMcu_testSendTime"),
    AWAY("tuyaMcu_sendRSSI"),
    AWAY("tuyaMcu_sendColor"),
    AWAY("tuyaMcu_setupLED"),
    AWAY("tuyaMcu_setBatteryAckDelay"),
    AWAY("tuyaMcu_enableAutoSend"),
    AWAY("tuyaMcu_batteryPoweredMode"),
};
const unsigned tuyamcu_row_count = sizeof tuyamcu_rows / sizeof *tuyamcu_rows;
