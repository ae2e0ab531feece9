using System.Text.Json.Serialization;
using ClosedLoop.AspNetCore.Health;
using ClosedLoop.AspNetCore.Problems;
using ClosedLoop.AspNetCore.Webhooks;

namespace ClosedLoop.AspNetCore.Api;

/// <summary>The JSON of the API: camelCase, every field always there.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(OpenItemRequest))]
[JsonSerializable(typeof(RecordFactRequest))]
[JsonSerializable(typeof(LinkRequest))]
[JsonSerializable(typeof(ItemBody))]
[JsonSerializable(typeof(ItemPageBody))]
[JsonSerializable(typeof(TransitionPageBody))]
[JsonSerializable(typeof(BoardBody))]
[JsonSerializable(typeof(QuarantineBody))]
[JsonSerializable(typeof(ParkedBody))]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(WebhookAnswer))]
[JsonSerializable(typeof(HealthBody))]
internal sealed partial class ApiJson : JsonSerializerContext;
