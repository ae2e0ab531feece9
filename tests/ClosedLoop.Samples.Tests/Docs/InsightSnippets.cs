using ClosedLoop.Hosting;
using ClosedLoop.Insights;
using ClosedLoop.Insights.Ci;
using ClosedLoop.Insights.Cost;
using ClosedLoop.Insights.CycleTime;
using ClosedLoop.Insights.Dora;
using ClosedLoop.Insights.Export;
using ClosedLoop.Insights.Flow;
using ClosedLoop.Insights.Records;
using ClosedLoop.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ClosedLoop.Samples.Tests.Docs;

/// <summary>The code of docs/metrics.md.</summary>
internal static class InsightSnippets
{
    public static void Add(IServiceCollection services)
    {
        services.AddClosedLoop(loop => loop.AddInsights(o => o.TargetMergesPerWeek = 1_000));
    }

    public static async Task FlowAsync(IHost host)
    {
        var flow = host.Services.GetRequiredService<IFlow>();
        var report = await flow.ReportAsync();
        foreach (var week in report.Pipelines[0].Weeks.Where(w => w.IsComplete))
            Console.WriteLine($"{week.Week}: declared {week.Declared}, merged {week.Merged}, done {week.Done}");
    }

    public static async Task ExportAsync(IFlow flow)
    {
        var report = await flow.ReportAsync();
        await File.WriteAllTextAsync("flow.csv", MetricExport.ToCsv(MetricRows.Of(report)));
        await File.WriteAllTextAsync("flow.json", MetricExport.ToJson(report));
    }

    public static async Task CycleTimeAsync(ILoopQueries queries, IFirstCommits clone, IReadOnlyCollection<DeploymentRecord> deployments, IEnumerable<CommitRecord> history)
    {
        var work = await new RecordReader(queries, clone).ReadAsync(new ItemQuery { Pipeline = "delivery" });
        var first = DeployedCommits.FirstOf(DeployedCommits.Of(deployments, new CommitGraph(history)));
        var report = CycleTimeReport.Measure([.. work.Changes], first);
        Console.WriteLine($"coding P50 {report.Coding.P50.Value} of {report.Coding.Count}, {work.Migrated} migrated left out");
    }

    public static void Cost(IReadOnlyCollection<CiRun> runs, IReadOnlyCollection<CostEntry> costs)
    {
        var iterations = IterationsToSuccess.Measure(runs);
        var cost = CostPerIteration.Measure(costs, iterations.Total);
        Console.WriteLine(cost.CpiCore is { } core ? $"{core:0.00} {cost.Currency}" : $"unknown: nobody reported {string.Join(", ", cost.MissingComponents)}");
    }
}
