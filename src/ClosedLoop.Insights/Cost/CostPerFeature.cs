using ClosedLoop.Insights.Outcomes;

namespace ClosedLoop.Insights.Cost;

/// <summary>What delivered features cost; what was spent on those that are not delivered, and what belongs to none, is shown beside it and spread over nothing.</summary>
public sealed record CostPerFeature
{
    /// <summary>The currency.</summary>
    public required string Currency { get; init; }

    /// <summary>The features, by name.</summary>
    public IReadOnlyList<FeatureCost> Features { get; init; } = [];

    /// <summary>What features cost so far that are not delivered.</summary>
    public decimal WorkInProgress { get; init; }

    /// <summary>What belongs to no feature.</summary>
    public decimal Unattributed { get; init; }

    /// <summary>Entries in another currency; they are in nothing above.</summary>
    public int OtherCurrencies { get; init; }

    /// <summary>The mean cost of a delivered feature; null without one.</summary>
    public decimal? Mean => Delivered is { Count: > 0 } delivered ? delivered.Sum(static f => f.Amount) / delivered.Count : null;

    /// <summary>The delivered ones.</summary>
    public IReadOnlyList<FeatureCost> Delivered => [.. Features.Where(static f => f.DeliveredAt is not null)];

    /// <summary>The mean cost by quarter of delivery.</summary>
    public IReadOnlyDictionary<string, decimal> ByQuarter => Delivered.GroupBy(static f => f.Quarter!, StringComparer.Ordinal).OrderBy(static g => g.Key, StringComparer.Ordinal).ToDictionary(static g => g.Key, static g => g.Sum(static f => f.Amount) / g.Count(), StringComparer.Ordinal);

    /// <summary>Measures what was spent.</summary>
    /// <exception cref="ArgumentException">A weight is not above 0.</exception>
    public static CostPerFeature Measure(IEnumerable<CostEntry> costs, IEnumerable<FeatureLink> links, IEnumerable<FeatureDelivery> deliveries, string currency = "USD")
    {
        ArgumentNullException.ThrowIfNull(costs);
        ArgumentNullException.ThrowIfNull(links);
        ArgumentNullException.ThrowIfNull(deliveries);
        var byChange = links.GroupBy(static l => l.Change, StringComparer.Ordinal).ToDictionary(static g => g.Key, static g => Shares([.. g]), StringComparer.Ordinal);
        var delivered = deliveries.GroupBy(static d => d.Feature, StringComparer.Ordinal).ToDictionary(static g => g.Key, static g => g.Min(static d => d.LiveAt), StringComparer.Ordinal);
        var features = new SortedDictionary<string, (decimal Amount, HashSet<string> Changes, bool IsEstimated)>(StringComparer.Ordinal);
        decimal unattributed = 0;
        int others = 0;
        foreach (var cost in costs)
        {
            if (cost.Currency != currency) others++;
            else if (cost.Change is null || !byChange.TryGetValue(cost.Change, out var shares)) unattributed += cost.Amount;
            else Split(cost, shares, features);
        }
        FeatureCost[] all = [.. features.Select(f => new FeatureCost(f.Key, f.Value.Amount, f.Value.Changes.Count, delivered.TryGetValue(f.Key, out var at) ? at : null, f.Value.IsEstimated))];
        return new CostPerFeature { Currency = currency, Features = all, WorkInProgress = all.Where(static f => f.DeliveredAt is null).Sum(static f => f.Amount), Unattributed = unattributed, OtherCurrencies = others };
    }

    // The last part is what the others leave, so that nothing is lost or won by rounding.
    private static void Split(CostEntry cost, FeatureShare[] shares, SortedDictionary<string, (decimal Amount, HashSet<string> Changes, bool IsEstimated)> features)
    {
        decimal left = cost.Amount;
        for (int i = 0; i < shares.Length; i++)
        {
            var (feature, weight, sum, isEstimated) = shares[i];
            decimal part = i == shares.Length - 1 ? left : cost.Amount * weight / sum;
            left -= part;
            (decimal Amount, HashSet<string> Changes, bool IsEstimated) known = features.TryGetValue(feature, out var before) ? before : (0m, new HashSet<string>(StringComparer.Ordinal), false);
            known.Changes.Add(cost.Change!);
            features[feature] = (known.Amount + part, known.Changes, known.IsEstimated || isEstimated);
        }
    }

    private static FeatureShare[] Shares(FeatureLink[] links)
    {
        if (Array.Find(links, static l => l.Weight <= 0) is { } wrong) throw new ArgumentException($"The change {wrong.Change} has the weight {wrong.Weight} for {wrong.Feature}; a weight is above 0.", nameof(links));
        bool isWeighted = Array.TrueForAll(links, static l => l.Weight is not null);
        decimal sum = isWeighted ? links.Sum(static l => l.Weight!.Value) : links.Length;
        return [.. links.Select(l => new FeatureShare(l.Feature, isWeighted ? l.Weight!.Value : 1m, sum, !isWeighted && links.Length > 1))];
    }

    private readonly record struct FeatureShare(string Feature, decimal Weight, decimal Sum, bool IsEstimated);
}
