using System.Text.Json.Serialization;
using ClosedLoop.Insights.Ci;
using ClosedLoop.Insights.Cost;
using ClosedLoop.Insights.CycleTime;
using ClosedLoop.Insights.Dora;
using ClosedLoop.Insights.Flow;
using ClosedLoop.Insights.Outcomes;
using ClosedLoop.Insights.Review;

namespace ClosedLoop.Insights.Export;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, Converters = [typeof(IsoWeekJsonConverter), typeof(IsoDurationJsonConverter)])]
[JsonSerializable(typeof(MetricRow[]))]
[JsonSerializable(typeof(FlowReport))]
[JsonSerializable(typeof(DoraReport))]
[JsonSerializable(typeof(CycleTimeReport))]
[JsonSerializable(typeof(IterationsToSuccess))]
[JsonSerializable(typeof(CiRounds))]
[JsonSerializable(typeof(TestOracle))]
[JsonSerializable(typeof(AutoApproval))]
[JsonSerializable(typeof(CostPerIteration))]
[JsonSerializable(typeof(CostPerFeature))]
[JsonSerializable(typeof(FeaturesPerWeek))]
[JsonSerializable(typeof(LoopEfficiency))]
[JsonSerializable(typeof(VanityCheck))]
internal sealed partial class InsightsJson : JsonSerializerContext;
