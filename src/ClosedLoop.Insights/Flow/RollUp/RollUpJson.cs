using System.Text.Json.Serialization;

namespace ClosedLoop.Insights.Flow.RollUp;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RollUpHead))]
[JsonSerializable(typeof(RollUpPart))]
internal sealed partial class RollUpJson : JsonSerializerContext;
