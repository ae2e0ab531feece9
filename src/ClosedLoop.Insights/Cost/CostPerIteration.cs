namespace ClosedLoop.Insights.Cost;

/// <summary>
/// Cost per iteration: the sum of all costs over the sum of all iterations, never the mean of ratios; what attempts that never became green cost stays in it. A component of which nobody reported anything is missing, not free: then there is no figure.
/// </summary>
public sealed record CostPerIteration
{
    /// <summary>The three parts of the core figure: models, CI and runners.</summary>
    public static IReadOnlyList<CostKind> Core { get; } = [CostKind.ModelApi, CostKind.CiCompute, CostKind.Runner];

    /// <summary>The parts of the full figure: the core, review and other.</summary>
    public static IReadOnlyList<CostKind> Full { get; } = [.. Core, CostKind.HumanReview, CostKind.Other];

    /// <summary>The target of mission/001, in US dollars, for the core figure.</summary>
    public const decimal TargetUsd = 0.50m;

    /// <summary>The currency.</summary>
    public required string Currency { get; init; }

    /// <summary>How many iterations: <see cref="Ci.IterationsToSuccess.Total"/>.</summary>
    public int Iterations { get; init; }

    /// <summary>What was spent, by component.</summary>
    public IReadOnlyDictionary<CostKind, decimal> ByKind { get; init; } = new Dictionary<CostKind, decimal>();

    /// <summary>Entries in another currency; they are in nothing above.</summary>
    public int OtherCurrencies { get; init; }

    /// <summary>The price tables that were used.</summary>
    public IReadOnlyList<string> PriceTables { get; init; } = [];

    /// <summary>The core figure; null without an iteration or with a component missing.</summary>
    public decimal? CpiCore => Of(Core);

    /// <summary>The full figure; null without an iteration or with a component missing.</summary>
    public decimal? CpiFull => Of(Full);

    /// <summary>The components of the full figure of which nobody reported anything. Report 0 for one that costs nothing.</summary>
    public IEnumerable<CostKind> MissingComponents => Full.Where(k => !ByKind.ContainsKey(k));

    /// <summary>Measures what was spent.</summary>
    public static CostPerIteration Measure(IEnumerable<CostEntry> costs, int iterations, string currency = "USD")
    {
        ArgumentNullException.ThrowIfNull(costs);
        ArgumentOutOfRangeException.ThrowIfNegative(iterations);
        var all = costs.ToList();
        var counted = all.FindAll(c => c.Currency == currency);
        return new CostPerIteration
        {
            Currency = currency,
            Iterations = iterations,
            ByKind = counted.GroupBy(static c => c.Kind).ToDictionary(static g => g.Key, static g => g.Sum(static c => c.Amount)),
            OtherCurrencies = all.Count - counted.Count,
            PriceTables = [.. counted.Select(static c => c.PriceTable).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        };
    }

    private decimal? Of(IReadOnlyList<CostKind> kinds) => Iterations == 0 || kinds.Any(k => !ByKind.ContainsKey(k)) ? null : kinds.Sum(k => ByKind[k]) / Iterations;
}
