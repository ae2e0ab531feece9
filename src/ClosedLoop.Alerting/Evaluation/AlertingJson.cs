using System.Text.Json.Serialization;
using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Evaluation;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Incident))]
[JsonSerializable(typeof(AlertState))]
[JsonSerializable(typeof(NoticeEnvelope))]
[JsonSerializable(typeof(DeliveryMark))]
internal sealed partial class AlertingJson : JsonSerializerContext;
