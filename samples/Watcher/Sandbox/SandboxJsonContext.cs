using System.Text.Json.Serialization;

namespace ClosedLoop.Samples.Watcher.Sandbox;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SandboxSummary))]
internal sealed partial class SandboxJsonContext : JsonSerializerContext;
