import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.hl7.fhir.common.hapi.validation.support.CachingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;

/**
 * Judges the JSON files of a folder offline, small ones first, and prints every error: file, line, message id, place,
 * text. Arguments: the folder, the file to write.
 */
public final class Oracle {
  private static FhirValidator validator() {
    FhirContext context = FhirContext.forR4();
    ValidationSupportChain chain =
        new ValidationSupportChain(
            new DefaultProfileValidationSupport(context),
            new CommonCodeSystemsTerminologyService(context),
            new InMemoryTerminologyServerValidationSupport(context),
            new SnapshotGeneratingValidationSupport(context));
    FhirInstanceValidator module = new FhirInstanceValidator(new CachingValidationSupport(chain));
    module.setAnyExtensionsAllowed(true);
    FhirValidator validator = context.newValidator();
    validator.registerValidatorModule(module);
    return validator;
  }

  private static String oneLine(String text) {
    return text == null ? "" : text.replaceAll("[\\t\\r\\n]+", " ");
  }

  private static void judge(FhirValidator validator, Path file, PrintStream out) throws IOException {
    String name = file.getFileName().toString();
    int errors = 0;
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8);
      for (SingleValidationMessage message : validator.validateWithResult(text).getMessages()) {
        if (message.getSeverity().compareTo(ResultSeverityEnum.ERROR) < 0) continue;
        ++errors;
        out.printf("%s\t%s\t%s\t%s\t%s%n", name, message.getLocationLine(), oneLine(message.getMessageId()),
            oneLine(message.getLocationString()), oneLine(message.getMessage()));
      }
    } catch (Exception | StackOverflowError e) {
      out.printf("%s\tcrash\t%s%n", name, oneLine(String.valueOf(e)));
      return;
    }
    if (errors == 0) out.printf("%s\tvalid%n", name);
  }

  public static void main(String[] arguments) throws IOException {
    FhirValidator validator = validator();
    List<Path> files;
    try (Stream<Path> all = Files.list(Path.of(arguments[0]))) {
      files = all.filter(path -> path.toString().endsWith(".json"))
          .filter(path -> !path.getFileName().toString().startsWith("."))
          .filter(path -> !path.getFileName().toString().equals("package.json"))
          .sorted(Comparator.comparingLong((Path path) -> path.toFile().length()).thenComparing(Path::compareTo))
          .toList();
    }
    try (PrintStream out = new PrintStream(arguments[1], StandardCharsets.UTF_8)) {
      for (Path file : files) {
        judge(validator, file, out);
        out.flush();
      }
    }
  }
}
