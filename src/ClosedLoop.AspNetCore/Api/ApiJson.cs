using System.Text.Json.Serialization;
using ClosedLoop.AspNetCore.Api.Incidents;
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
[JsonSerializable(typeof(TransitionBody))]
[JsonSerializable(typeof(SourceListBody))]
[JsonSerializable(typeof(WaiverRequest))]
[JsonSerializable(typeof(IncidentBody))]
[JsonSerializable(typeof(IncidentPageBody))]
[JsonSerializable(typeof(IncidentDecisionRequest))]
[JsonSerializable(typeof(SilenceRequest))]
[JsonSerializable(typeof(HandOffRequest))]
[JsonSerializable(typeof(BoardBody))]
[JsonSerializable(typeof(QuarantineBody))]
[JsonSerializable(typeof(ParkedBody))]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(WebhookAnswer))]
[JsonSerializable(typeof(HealthBody))]
internal sealed partial class ApiJson : JsonSerializerContext;
