using System.Text.Json.Serialization;

namespace ClosedLoop.Samples.Watcher.Git;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(GitJson))]
internal sealed partial class GitJsonContext : JsonSerializerContext;
