#include "adapters/hl7v2/segment_names.h"

#include <algorithm>

#include "adapters/hl7v2/delimiters.h"
#include "adapters/sdk/nearest.h"

namespace lienthong::hl7v2 {
namespace {

constexpr std::string_view kNames[] = {
    "ABS", "ACC", "ADD", "ADJ", "AFF", "AIG", "AIL", "AIP", "AIS", "AL1", "APR", "ARQ", "ARV", "AUT", "BHS",
    "BLC", "BLG", "BPO", "BPX", "BTS", "BTX", "BUI", "CDM", "CDO", "CER", "CM0", "CM1", "CM2", "CNS", "CON",
    "CSP", "CSR", "CSS", "CTD", "CTI", "CTR", "DB1", "DEV", "DG1", "DMI", "DON", "DPS", "DRG", "DSC", "DSP",
    "DST", "ECD", "ECR", "EDU", "EQL", "EQP", "EQU", "ERQ", "ERR", "EVN", "FAC", "FHS", "FT1", "FTS", "GOL",
    "GP1", "GP2", "GT1", "IAM", "IAR", "IIM", "ILT", "IN1", "IN2", "IN3", "INV", "IPC", "IPR", "ISD", "ITM",
    "IVC", "IVT", "LAN", "LCC", "LCH", "LDP", "LOC", "LRL", "MCP", "MFA", "MFE", "MFI", "MRG", "MSA", "MSH",
    "NCK", "NDS", "NK1", "NPU", "NSC", "NST", "NTE", "OBR", "OBX", "ODS", "ODT", "OH1", "OH2", "OH3", "OH4",
    "OM1", "OM2", "OM3", "OM4", "OM5", "OM6", "OM7", "OMC", "ORC", "ORG", "OVR", "PAC", "PCE", "PCR", "PD1",
    "PDA", "PDC", "PEO", "PES", "PID", "PKG", "PM1", "PMT", "PR1", "PRA", "PRB", "PRC", "PRD", "PRT", "PSG",
    "PSH", "PSL", "PSS", "PTH", "PV1", "PV2", "PYE", "QAK", "QID", "QPD", "QRD", "QRF", "QRI", "RCP", "RDF",
    "RDT", "REL", "RF1", "RFI", "RGS", "RMI", "ROL", "RQ1", "RQD", "RXA", "RXC", "RXD", "RXE", "RXG", "RXO",
    "RXR", "RXV", "SAC", "SCD", "SCH", "SCP", "SDD", "SFT", "SGH", "SGT", "SHP", "SID", "SLT", "SPM", "SPR",
    "STF", "STZ", "TCC", "TCD", "TQ1", "TQ2", "TXA", "UAC", "UB1", "UB2", "URD", "URS", "VAR", "VND", "VTQ"};

}  // namespace

bool is_known_segment(std::string_view name) noexcept {
  if (name.size() != 3 || !is_upper(name[0])) return false;
  if (!is_name_character(name[1]) || !is_name_character(name[2])) return false;
  return name[0] == 'Z' || std::binary_search(std::begin(kNames), std::end(kNames), name);
}

// Swapped letters are the commonest slip.
std::string_view nearest_segment(std::string_view name) noexcept {
  for (const std::string_view known : kNames) {
    if (std::is_permutation(name.begin(), name.end(), known.begin(), known.end())) return known;
  }
  return sdk::nearest(name, kNames);
}

}  // namespace lienthong::hl7v2
