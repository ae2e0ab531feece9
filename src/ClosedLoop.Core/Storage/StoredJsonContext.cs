using System.Text.Json.Serialization;
using ClosedLoop.Facts;
using ClosedLoop.Items;

namespace ClosedLoop.Storage;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Fact))]
[JsonSerializable(typeof(ItemState))]
[JsonSerializable(typeof(Transition))]
internal sealed partial class StoredJsonContext : JsonSerializerContext;
