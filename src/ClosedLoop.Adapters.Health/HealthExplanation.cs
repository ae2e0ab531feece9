using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Health;

/// <summary>Explains one file without configuration.</summary>
internal static class HealthExplanation
{
    private static readonly CheckSettings Unnamed = CheckSettings.From(new HttpHealthCheck { Name = "explained", Environment = "unknown" }, "explained", "");

    public static PayloadExplanation Of(ReadOnlyMemory<byte> input, string? eventName)
    {
        try
        {
            using var document = JsonDocument.Parse(input);
            var root = document.RootElement;
            if (AlertTranslator.IsOne(root)) return ExplainAlerts(root);
            if (PrometheusAnswer.Read(root) is { } answer) return Explain(answer, eventName);
            string? status = root.Text("status") ?? root.AsText();
            return status is null ? Ignored("neither an answer of Prometheus' query API, nor a notification of Alertmanager, nor a health body with 'status'") : Explain(status, Version(root));
        }
        catch (JsonException)
        {
            string? text = BodyText.Read(input, path: null);
            return text is { Length: > 0 and <= 100 } && !text.Any(static c => char.IsWhiteSpace(c) || char.IsControl(c)) ? Explain(text, version: null) : Ignored("neither JSON nor a word such as Healthy");
        }
    }

    // Without rules every alert is taken, of what the rollout says runs.
    private static PayloadExplanation ExplainAlerts(JsonElement root)
    {
        var translation = new AlertTranslator([AlertSettings.From(new AlertRule { Name = Unnamed.Name, Environment = Unnamed.Environment }, Unnamed.Path)]).Translate(root);
        return translation.Outcome == TranslationOutcome.Facts ? PayloadExplanation.Of(translation.Facts) with { Diagnostics = translation.Diagnostics } : Ignored(translation.Detail!);
    }

    private static PayloadExplanation Explain(PrometheusAnswer answer, string? condition)
    {
        var summary = ImmutableSortedDictionary.CreateBuilder<string, object>(StringComparer.Ordinal);
        summary["samples"] = (long)answer.Samples.Length;
        summary["without_measurement"] = (long)answer.Samples.Count(static s => !double.IsFinite(s.Value));
        summary["values"] = answer.Samples.Take(100).Select(static s => s.Value.ToString(CultureInfo.InvariantCulture)).ToImmutableArray();
        ImmutableArray<string> diagnostics = [.. answer.Warnings.Select(static w => $"Prometheus warns: {w}")];
        var parsed = Condition(condition);
        if (condition is not null && parsed is null) diagnostics = diagnostics.Add($"the condition {SourceText.Quote(condition)} is none; use one such as <= 0.01");
        var look = PrometheusVerdict.Judge(answer, parsed?.Comparison ?? default, parsed?.Limit ?? 0);
        if (parsed is null && look.IsGood is not null || parsed is null && answer is { Problem: null, Samples.IsEmpty: false } && answer.Samples.All(static s => double.IsFinite(s.Value)))
            return new PayloadExplanation { Ignored = [$"{answer.Samples.Length} samples, and no limit to compare them with; name one as the event, such as <= 0.01"], Diagnostics = diagnostics, Summary = summary.ToImmutable() };
        return PayloadExplanation.Of([Fact(look, null)]) with { Diagnostics = diagnostics, Summary = summary.ToImmutable() };
    }

    // Degraded is 200 in ASP.NET Core and OUT_OF_SERVICE 503 in Actuator; only the word tells.
    private static PayloadExplanation Explain(string status, SeenVersion? version)
    {
        var look = status switch
        {
            "UP" or "Healthy" => CheckLook.Good($"the status is {SourceText.Quote(status)}"),
            "DOWN" or "OUT_OF_SERVICE" or "Unhealthy" or "Degraded" => CheckLook.Bad($"the status is {SourceText.Quote(status)}"),
            "UNKNOWN" => CheckLook.Neither("the status is 'UNKNOWN'"),
            _ => CheckLook.Neither($"the status {SourceText.Quote(status)} is not known and counts as no evidence", Reason.Unrecognized),
        };
        return PayloadExplanation.Of([Fact(look, version)]) with
        {
            Diagnostics = [.. look.Reason == Reason.Unrecognized ? (string[])[look.Detail] : [], .. version is null ? (string[])["the file does not prove a version, without which a good look is inconclusive for the gate"] : []],
        };
    }

    private static Fact Fact(CheckLook look, SeenVersion? version)
    {
        var verdict = look.IsGood switch
        {
            true => new CheckVerdict(GateStatus.Passed, Reason.None, look.Detail),
            false => new CheckVerdict(GateStatus.Failed, Reason.None, look.Detail),
            _ => new CheckVerdict(GateStatus.Waiting, look.Reason, look.Detail),
        };
        return HealthFacts.Of(Unnamed, verdict, version, TimeProvider.System.GetUtcNow());
    }

    private static SeenVersion? Version(JsonElement root) =>
        ((string?[])[root.Text("commit"), root.Text("revision"), root.Text("digest"), root.Member("git", "commit")?.Text("id")]).OfType<string>()
            .Select(static text => SeenVersion.Read(text, "unknown/unknown", out _)).OfType<SeenVersion>().FirstOrDefault();

    private static (HealthComparison Comparison, double Limit)? Condition(string? text)
    {
        text = text?.Trim() ?? "";
        foreach (var (sign, comparison) in ((string, HealthComparison)[])[("<=", HealthComparison.AtMost), (">=", HealthComparison.AtLeast), ("<", HealthComparison.Below), (">", HealthComparison.Above)])
            if (text.StartsWith(sign, StringComparison.Ordinal))
                return double.TryParse(text[sign.Length..], NumberStyles.Float, CultureInfo.InvariantCulture, out double limit) && double.IsFinite(limit) ? (comparison, limit) : null;
        return null;
    }

    private static PayloadExplanation Ignored(string reason) => new() { Ignored = [reason] };
}
