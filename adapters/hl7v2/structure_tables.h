#pragma once
// The message structures as text, one line a group: see the columns in RawGroup.

#include <string_view>

namespace lienthong::hl7v2 {

enum RawFlags : unsigned { kRepeats = 0, kSingle = 1, kAnyOrder = 2, kAfterResults = 4 };

struct RawGroup {
  std::string_view structure;  // "" = the same as the line above
  std::string_view name;       // "" = the message itself
  std::string_view parent;     // a name above in the same structure
  unsigned flags;
  std::string_view anchors;
  std::string_view members;
  std::string_view restarts;
};

// Members are what belongs to the group itself; segments that no table names stay with the group that is
// open.
inline constexpr RawGroup kRawGroups[] = {
    {"ORU_R01", "", "", 0, "", "MSH SFT DSC", ""},
    {"", "PATIENT_RESULT", "", 0, "", "", "PID"},
    {"", "PATIENT", "PATIENT_RESULT", kSingle, "PID", "PD1 NTE NK1 ARV AL1 DG1 GT1", ""},
    {"", "VISIT", "PATIENT", kSingle, "PV1", "PV2", ""},
    {"", "ORDER_OBSERVATION", "PATIENT_RESULT", 0, "ORC OBR", "NTE CTD FT1 CTI", ""},
    {"", "TIMING_QTY", "ORDER_OBSERVATION", 0, "TQ1", "TQ2", ""},
    {"", "OBSERVATION", "ORDER_OBSERVATION", 0, "OBX", "NTE", ""},
    {"", "SPECIMEN", "ORDER_OBSERVATION", kAfterResults, "SPM", "OBX NTE", ""},

    {"OUL_R22", "", "", 0, "", "MSH SFT NTE DSC", ""},
    {"", "PATIENT", "", kSingle, "PID", "PD1 NTE", ""},
    {"", "VISIT", "", kSingle, "PV1", "PV2", ""},
    {"", "SPECIMEN", "", 0, "SPM", "OBX", "OBR ORC"},
    {"", "CONTAINER", "SPECIMEN", 0, "SAC", "INV", ""},
    {"", "ORDER", "SPECIMEN", kAnyOrder, "OBR ORC", "NTE CTI", ""},
    {"", "TIMING_QTY", "ORDER", 0, "TQ1", "TQ2", ""},
    {"", "RESULT", "ORDER", 0, "OBX", "TCD SID NTE", ""},

    {"ORM_O01", "", "", 0, "", "MSH NTE", ""},
    {"", "PATIENT", "", kSingle, "PID", "PD1 NTE GT1 AL1", ""},
    {"", "PATIENT_VISIT", "PATIENT", kSingle, "PV1", "PV2", ""},
    {"", "INSURANCE", "PATIENT", 0, "IN1", "IN2 IN3", ""},
    {"", "ORDER", "", 0, "ORC", "FT1 CTI BLG", "OBR RQD RQ1 RXO ODS ODT"},
    {"", "TIMING", "ORDER", 0, "TQ1", "TQ2", ""},
    {"", "ORDER_DETAIL", "ORDER", kSingle, "OBR RQD RQ1 RXO ODS ODT", "NTE CTD DG1 RXR RXC", ""},
    {"", "OBSERVATION", "ORDER_DETAIL", 0, "OBX", "NTE", ""},
    {"", "SPECIMEN", "ORDER_DETAIL", 0, "SPM", "", ""},

    {"OML_O21", "", "", 0, "", "MSH SFT NTE", ""},
    {"", "PATIENT", "", kSingle, "PID", "PD1 NTE NK1 GT1 AL1", ""},
    {"", "PATIENT_VISIT", "PATIENT", kSingle, "PV1", "PV2", ""},
    {"", "INSURANCE", "PATIENT", 0, "IN1", "IN2 IN3", ""},
    {"", "ORDER", "", 0, "ORC", "NTE FT1 CTI BLG", "OBR"},
    {"", "TIMING", "ORDER", 0, "TQ1", "TQ2", ""},
    {"", "OBSERVATION_REQUEST", "ORDER", kSingle, "OBR", "TCD NTE CTD DG1", ""},
    {"", "OBSERVATION", "OBSERVATION_REQUEST", 0, "OBX", "TCD NTE", ""},
    {"", "SPECIMEN", "OBSERVATION_REQUEST", 0, "SPM", "OBX", ""},
    {"", "CONTAINER", "SPECIMEN", 0, "SAC", "OBX", ""},

    {"ADT_A01", "", "", 0, "",
     "MSH SFT EVN PID PD1 ROL NK1 PV1 PV2 DB1 OBX AL1 DG1 DRG GT1 ACC UB1 UB2 PDA IAM ARV MRG", ""},
    {"", "PROCEDURE", "", 0, "PR1", "ROL", ""},
    {"", "INSURANCE", "", 0, "IN1", "IN2 IN3 ROL AUT RF1", ""},

    {"ADT_A39", "", "", 0, "", "MSH SFT EVN", ""},
    {"", "PATIENT", "", 0, "PID", "PD1 MRG PV1", ""},

    {"ADT_A45", "", "", 0, "", "MSH SFT EVN PID PD1", ""},
    {"", "MERGE_INFO", "", 0, "MRG", "PV1", ""},

    {"VXU_V04", "", "", 0, "", "MSH SFT PID PD1 NK1 GT1", ""},
    {"", "PATIENT", "", kSingle, "PV1", "PV2", ""},
    {"", "INSURANCE", "", 0, "IN1", "IN2 IN3", ""},
    {"", "ORDER", "", 0, "ORC RXA", "RXR", ""},
    {"", "TIMING", "ORDER", 0, "TQ1", "TQ2", ""},
    {"", "OBSERVATION", "ORDER", 0, "OBX", "NTE", ""},

    {"SIU_S12", "", "", 0, "", "MSH SCH TQ1 NTE", ""},
    {"", "PATIENT", "", 0, "PID", "PD1 PV1 PV2 OBX DG1", ""},
    {"", "RESOURCES", "", 0, "RGS", "", "AIS AIG AIL AIP"},
    {"", "SERVICE", "RESOURCES", 0, "AIS", "NTE", ""},
    {"", "GENERAL_RESOURCE", "RESOURCES", 0, "AIG", "NTE", ""},
    {"", "LOCATION_RESOURCE", "RESOURCES", 0, "AIL", "NTE", ""},
    {"", "PERSONNEL_RESOURCE", "RESOURCES", 0, "AIP", "NTE", ""},

    {"RDE_O11", "", "", 0, "", "MSH SFT NTE", ""},
    {"", "PATIENT", "", kSingle, "PID", "PD1 NTE GT1 AL1", ""},
    {"", "PATIENT_VISIT", "PATIENT", kSingle, "PV1", "PV2", ""},
    {"", "INSURANCE", "PATIENT", 0, "IN1", "IN2 IN3", ""},
    {"", "ORDER", "", 0, "ORC RXE", "NTE RXR RXC RXD RXG RXA FT1 BLG CTI", "RXO"},
    {"", "TIMING", "ORDER", 0, "TQ1", "TQ2", ""},
    {"", "ORDER_DETAIL", "ORDER", kSingle, "RXO", "NTE RXR", ""},
    {"", "COMPONENT", "ORDER_DETAIL", 0, "RXC", "NTE", ""},
    {"", "OBSERVATION", "ORDER", 0, "OBX", "NTE", ""},

    {"MDM_T02", "", "", 0, "", "MSH SFT EVN PID PV1 TXA CON NTE", ""},
    {"", "COMMON_ORDER", "", 0, "ORC OBR", "NTE", ""},
    {"", "TIMING", "COMMON_ORDER", 0, "TQ1", "TQ2", ""},
    {"", "OBSERVATION", "", 0, "OBX", "NTE", ""},

    {"DFT_P03", "", "", 0, "", "MSH SFT EVN PID PD1 ROL PV1 PV2 DB1 DG1 DRG GT1 ACC", ""},
    {"", "COMMON_ORDER", "", 0, "ORC", "", "OBR"},
    {"", "TIMING_QUANTITY", "COMMON_ORDER", 0, "TQ1", "TQ2", ""},
    {"", "ORDER", "COMMON_ORDER", kSingle, "OBR", "NTE", ""},
    {"", "OBSERVATION", "COMMON_ORDER", 0, "OBX", "NTE", ""},
    {"", "FINANCIAL", "", 0, "FT1", "NTE", ""},
    {"", "FINANCIAL_PROCEDURE", "FINANCIAL", 0, "PR1", "ROL", ""},
    {"", "INSURANCE", "", 0, "IN1", "IN2 IN3 ROL", ""},

    {"BAR_P01", "", "", 0, "", "MSH SFT EVN PID PD1 ROL", ""},
    {"", "VISIT", "", 0, "PV1", "PV2 ROL DB1 OBX AL1 DG1 DRG GT1 NK1 ACC UB1 UB2", ""},
    {"", "PROCEDURE", "VISIT", 0, "PR1", "ROL", ""},
    {"", "INSURANCE", "VISIT", 0, "IN1", "IN2 IN3 ROL", ""},

    {"", "", "", 0, "", "MSH SFT EVN MSA ERR", ""},  // every other message
    {"", "PATIENT", "", 0, "PID", "PD1 MRG NK1 NTE AL1 GT1", ""},
    {"", "VISIT", "PATIENT", kSingle, "PV1", "PV2", ""},
    {"", "PROCEDURE", "", 0, "PR1", "ROL", ""},
    {"", "INSURANCE", "", 0, "IN1", "IN2 IN3 ROL", ""},
    {"", "ORDER", "", 0, "ORC OBR", "NTE DG1 CTD RXO RXE RXR RXC RXD RXG RXA FT1", ""},
    {"", "TIMING", "ORDER", 0, "TQ1", "TQ2", ""},
    {"", "OBSERVATION", "ORDER", 0, "OBX", "NTE", ""},
    {"", "SPECIMEN", "ORDER", kAfterResults, "SPM", "OBX", ""},
};

// Which structure a message without a known MSH-9.3 has: type, its trigger events ("" = all), structure.
struct RawTrigger {
  std::string_view type, events, structure;
};
inline constexpr RawTrigger kRawTriggers[] = {
    {"ORU", "", "ORU_R01"},
    {"OUL", "", "OUL_R22"},
    {"ORM", "", "ORM_O01"},
    {"OML", "", "OML_O21"},
    {"OMG", "", "OML_O21"},
    {"OMI", "", "OML_O21"},
    {"ADT", "A18 A30 A34 A35 A36 A39 A40 A41 A42 A43 A44 A46 A47 A48 A49", "ADT_A39"},
    {"ADT", "A45", "ADT_A45"},
    {"ADT", "", "ADT_A01"},
    {"VXU", "", "VXU_V04"},
    {"SIU", "", "SIU_S12"},
    {"RDE", "", "RDE_O11"},
    {"RDS", "", "RDE_O11"},
    {"RAS", "", "RDE_O11"},
    {"RGV", "", "RDE_O11"},
    {"OMP", "", "RDE_O11"},
    {"MDM", "", "MDM_T02"},
    {"DFT", "", "DFT_P03"},
    {"BAR", "", "BAR_P01"},
};

}  // namespace lienthong::hl7v2
