using System.Text.Json;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Cli.Targets;

/// <summary>What a command needs of a service's configuration file: the DONE definition and where the store is.</summary>
/// <param name="Pipeline">The service's pipeline.</param>
/// <param name="Store">The SQLite file, as written there; null when it names none.</param>
internal sealed record ConfigFile(PipelineDefinition Pipeline, string? Store)
{
    private const string Section = "ClosedLoop";
    private const int MaxBytes = 1024 * 1024;

    public static ConfigFile Read(FileInfo file)
    {
        if (!file.Exists) throw CommandFailure.Misuse($"--config {file}: there is no such file.");
        if (file.Length > MaxBytes) throw CommandFailure.Misuse($"--config {file} is larger than {MaxBytes / 1024} KB; it is no configuration.");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file.FullName), new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty(Section, out var section) || section.ValueKind != JsonValueKind.Object)
                throw CommandFailure.Misuse($"--config {file} has no section \"{Section}\"; samples/Watcher/watcher.example.json shows its shape.");
            var done = ReadDone(Text(section, "Done"), file);
            string? store = Text(section, "Store");
            return new ConfigFile(new PipelineBuilder("delivery").UseDefaultGates().DoneWhen(done).Build(), store is null ? null : Path.Combine(file.DirectoryName!, store));
        }
        catch (JsonException e)
        {
            throw CommandFailure.Misuse($"--config {file} is no JSON at line {e.LineNumber + 1}; samples/Watcher/watcher.example.json shows its shape.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.Misuse($"--config {file} cannot be read: {e.Message}");
        }
    }

    private static string? Text(JsonElement section, string name) => section.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DoneDefinition ReadDone(string? name, FileInfo file) => name is null ? Done.MergedAndMainGreen : KnownDone.Find(name)
        ?? throw CommandFailure.Misuse($"--config {file}: {Section}:Done is '{name}'; write A (merged), B (and main CI green), C (and rolled out) or healthy.");
}
