# Writes the texts of all problems.tsv into one C++ file (raw string chunks, since a literal is limited to 64 KiB).
set(body "")
foreach(file IN LISTS INPUTS)
  file(READ ${file} text)
  string(APPEND body "    R\"TSV(${text})TSV\",\n")
endforeach()
file(WRITE ${OUTPUT} "#include \"gateway/base/catalogue.h\"\n\nnamespace lienthong {\nstatic const std::string_view kTexts[] = {\n${body}    std::string_view()};\nconst std::string_view* catalogue_texts() noexcept { return kTexts; }\n}  // namespace lienthong\n")
