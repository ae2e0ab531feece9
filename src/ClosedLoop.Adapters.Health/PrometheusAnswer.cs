using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace ClosedLoop.Adapters.Health;

/// <summary>An answer of <c>/api/v1/query</c>, read without believing more than it says.</summary>
internal sealed record PrometheusAnswer
{
    private const int MaxSamples = 10_000, MaxWarnings = 20;

    /// <summary>The samples with their labels; of a scalar one without labels.</summary>
    public ImmutableArray<(ImmutableSortedDictionary<string, string> Labels, double Value)> Samples { get; private init; } = [];

    /// <summary>Why there are none, when the answer is not one.</summary>
    public string? Problem { get; private init; }

    /// <summary>Whether the question, not the answer, is wrong.</summary>
    public bool IsMisasked { get; private init; }

    /// <summary>Whether it says itself that a part is missing.</summary>
    public bool IsPartial { get; private init; }

    public ImmutableArray<string> Warnings { get; private init; } = [];

    /// <summary>Reads a body, or null when it is no answer of Prometheus.</summary>
    public static PrometheusAnswer? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static PrometheusAnswer? Read(JsonElement root)
    {
        switch (root.Text("status"))
        {
            case "error" when root.Text("errorType") is { } type:
                return new PrometheusAnswer { Problem = $"Prometheus says {SourceText.Quote(type)}: {SourceText.Quote(root.Text("error") ?? "")}", IsMisasked = type == "bad_data" };
            case "success" when root.Member("data") is { } data && data.Text("resultType") is not null:
                var warnings = root.Elements("warnings").Select(static w => w.AsText()).OfType<string>().Take(MaxWarnings).Select(SourceText.Quote).ToImmutableArray();
                return Read(data) with
                {
                    Warnings = warnings,
                    // VictoriaMetrics says so; Thanos warns.
                    IsPartial = root.Flag("isPartial") == true || root.Elements("warnings").Any(static w => w.AsText()?.Contains("partial", StringComparison.OrdinalIgnoreCase) == true),
                };
            default:
                return null;
        }

        static PrometheusAnswer Read(JsonElement data)
        {
            string? type = data.Text("resultType");
            if (type == "scalar") return data.Member("result") is { } scalar && Value(scalar) is { } value ? Of([(NoLabels, value)]) : Broken();
            if (type != "vector") return new PrometheusAnswer { Problem = $"the answer is a {SourceText.Quote(type ?? "")}, not a vector or scalar", IsMisasked = true };
            if (data.Member("result") is not { ValueKind: JsonValueKind.Array } result) return Broken();
            if (result.GetArrayLength() > MaxSamples) return new PrometheusAnswer { Problem = $"the answer has more than {MaxSamples} samples; aggregate them", IsMisasked = true };
            var samples = ImmutableArray.CreateBuilder<(ImmutableSortedDictionary<string, string>, double)>(result.GetArrayLength());
            foreach (var sample in result.EnumerateArray())
            {
                // Half an answer is none: what is left out could be what is bad.
                if (sample.Member("value") is not { } one || Value(one) is not { } number || Labels(sample.Member("metric") ?? default) is not { } labels) return Broken();
                samples.Add((labels, number));
            }
            return Of(samples.DrainToImmutable());
        }
    }

    private static readonly ImmutableSortedDictionary<string, string> NoLabels = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    private static PrometheusAnswer Of(ImmutableArray<(ImmutableSortedDictionary<string, string>, double)> samples) => new() { Samples = samples };

    private static PrometheusAnswer Broken() => new() { Problem = "the answer holds a sample without a number, or with labels that are no text" };

    private static ImmutableSortedDictionary<string, string>? Labels(JsonElement metric)
    {
        if (metric.ValueKind != JsonValueKind.Object) return NoLabels;
        var labels = NoLabels.ToBuilder();
        try
        {
            foreach (var label in metric.EnumerateObject())
                if (label.Value.AsText() is { } text)
                    labels[label.Name] = text;
        }
        catch (InvalidOperationException)
        {
            // A name that is no text, which JSON's grammar lets through.
            return null;
        }
        return labels.ToImmutable();
    }

    // [time, "number"]: Go writes NaN, +Inf and -Inf.
    private static double? Value(JsonElement pair)
    {
        if (pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2 || pair[0].ValueKind != JsonValueKind.Number || pair[1].AsText() is not { Length: > 0 and < 100 } text) return null;
        return text switch
        {
            "NaN" => double.NaN,
            "+Inf" or "Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            _ => double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null,
        };
    }
}
