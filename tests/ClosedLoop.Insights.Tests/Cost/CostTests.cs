using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Insights.Cost;
using ClosedLoop.Insights.Outcomes;

namespace ClosedLoop.Insights.Tests.Cost;

public sealed class CostTests
{
    [Fact]
    public void The_sum_of_costs_is_divided_by_the_sum_of_iterations_and_never_a_mean_of_ratios_taken()
    {
        // One cheap change with one iteration, one dear with nine that never was green: 5.50 over 10.
        CostEntry[] costs = [new(CostKind.ModelApi, 0.10m) { Change = "a" }, new(CostKind.ModelApi, 4.40m) { Change = "b" }, new(CostKind.CiCompute, 1m) { PriceTable = "2026-01" }, new(CostKind.Runner, 0m), new(CostKind.ModelApi, 99m, "EUR")];

        var cpi = CostPerIteration.Measure(costs, 10);

        Assert.Equal((0.55m, null, 1), (cpi.CpiCore, cpi.CpiFull, cpi.OtherCurrencies));
        Assert.Equal([CostKind.HumanReview, CostKind.Other], cpi.MissingComponents);
        Assert.Equal(["2026-01"], cpi.PriceTables);
        Assert.Equal(0.65m, CostPerIteration.Measure([.. costs, new(CostKind.HumanReview, 1m), new(CostKind.Other, 0m)], 10).CpiFull);
    }

    [Fact]
    public void A_component_that_nobody_reported_is_missing_and_not_free()
    {
        Assert.Null(CostPerIteration.Measure([new(CostKind.ModelApi, 1m), new(CostKind.CiCompute, 1m)], 2).CpiCore);
        Assert.Null(CostPerIteration.Measure([new(CostKind.ModelApi, 1m), new(CostKind.CiCompute, 1m), new(CostKind.Runner, 1m)], 0).CpiCore);
    }

    [Fact]
    public void A_feature_costs_all_its_changes_and_nothing_is_spread_that_belongs_to_none()
    {
        CostEntry[] costs = [Of("1", 10m), Of("2", 8m), Of("2", 1m), Of("3", 4m), Of("4", 5m), new(CostKind.Other, 7m), new(CostKind.Other, 1m, "EUR")];
        FeatureLink[] links = [new("1", "login"), new("2", "login", 2m), new("2", "search", 1m), new("3", "search"), new("3", "export")];

        var cost = CostPerFeature.Measure(costs, links, [new("login", Given.At(0)), new("login", Given.At(99_999_999)), new("search", Given.At(200_000))]);

        Assert.Equal([("export", 2m, true), ("login", 16m, false), ("search", 5m, true)], cost.Features.Select(static f => (f.Feature, f.Amount, f.IsEstimated)));
        Assert.Equal((2m, 12m, 10.5m, 1), (cost.WorkInProgress, cost.Unattributed, cost.Mean, cost.OtherCurrencies));
        Assert.Equal([("2026-Q1", 16m), ("2026-Q2", 5m)], cost.ByQuarter.Select(static q => (q.Key, q.Value)));
        Assert.Null(CostPerFeature.Measure(costs, links, []).Mean);
        Assert.Throws<ArgumentException>(() => CostPerFeature.Measure(costs, [new("1", "login", 0m)], []));
    }

    private static CostEntry Of(string change, decimal amount) => new(CostKind.ModelApi, amount) { Change = change };
}
