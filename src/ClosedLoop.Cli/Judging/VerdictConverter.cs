using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClosedLoop.Cli.Judging;

internal sealed class VerdictConverter() : JsonStringEnumConverter<Verdict>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
