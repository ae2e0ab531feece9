using System.Text.Json;
using System.Text.RegularExpressions;
using ClosedLoop.Alerting;

namespace ClosedLoop.AspNetCore.Tests.Metrics;

public sealed class GrafanaDashboardTests
{
    [Fact]
    public async Task Every_query_runs_on_a_real_Prometheus_and_names_only_metrics_that_there_are()
    {
        await using var host = await LoopHost.StartAsync(l => l.AddAlerting(), api: o => o.AddWriter("metrics:prometheus", ClosedLoopToken.Hash(LoopHost.Token("metrics:prometheus"))), kestrel: true);
        using var opened = await host.PostAsync("/api/items", """{"id":"BL-1"}""");
        await using var prometheus = await PrometheusServer.StartAsync(host.Client.BaseAddress!.Authority, LoopHost.Token("metrics:prometheus"));
        await prometheus.ValueAsync("closedloop_items");
        using var scrape = await host.SendAsync(HttpMethod.Get, "/metrics", "agent:builder-7");
        var families = Regex.Matches(await scrape.Content.ReadAsStringAsync(), "^# TYPE (\\S+) (\\S+)$", RegexOptions.Multiline).ToDictionary(static m => m.Groups[1].Value, static m => m.Groups[2].Value, StringComparer.Ordinal);
        string[] histograms = ["_bucket", "_sum", "_count"];
        var names = families.Keys.Concat(families.Where(static f => f.Value == "histogram").SelectMany(f => histograms.Select(s => f.Key + s))).ToHashSet(StringComparer.Ordinal);
        var queries = Dashboard().GetProperty("panels").EnumerateArray().SelectMany(static p => p.GetProperty("targets").EnumerateArray()).Select(static t => t.GetProperty("expr").GetString()!).ToList();

        Assert.True(queries.Count >= 20);
        foreach (string query in queries)
        {
            string asked = query.Replace("$__rate_interval", "1m", StringComparison.Ordinal).Replace("$pipeline", ".*", StringComparison.Ordinal);
            await prometheus.QueryAsync(asked);
            var used = Regex.Matches(query, @"\b(?:closedloop|cicd|vcs|deployment)_\w+(?=[{\[)\s])").Select(static m => m.Value).Where(n => !Labels.Contains(n)).ToList();
            Assert.NotEmpty(used);
            Assert.All(used, name => Assert.Contains(name, names));
        }
        Assert.Equal(1, await prometheus.ValueAsync(queries[0].Replace("$pipeline", ".*", StringComparison.Ordinal)));
    }

    [Fact]
    public void Panels_have_their_own_ids_and_places_and_take_the_chosen_data_source()
    {
        var dashboard = Dashboard();
        var panels = dashboard.GetProperty("panels").EnumerateArray().ToList();
        var cells = panels.Select(static p => p.GetProperty("gridPos")).SelectMany(static g =>
            from x in Enumerable.Range(g.GetProperty("x").GetInt32(), g.GetProperty("w").GetInt32())
            from y in Enumerable.Range(g.GetProperty("y").GetInt32(), g.GetProperty("h").GetInt32())
            select (x, y)).ToList();

        Assert.Equal(cells.Count, cells.Distinct().Count());
        Assert.All(cells, static c => Assert.InRange(c.x, 0, 23));
        Assert.Equal(panels.Count, panels.Select(static p => p.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.Equal(panels.Count, panels.Select(static p => p.GetProperty("title").GetString()).Distinct().Count());
        Assert.All(panels, static p => Assert.Equal("${datasource}", p.GetProperty("datasource").GetProperty("uid").GetString()));
        Assert.Equal(["datasource", "pipeline"], dashboard.GetProperty("templating").GetProperty("list").EnumerateArray().Select(static v => v.GetProperty("name").GetString()));
    }

    // Labels that queries group by.
    private static readonly HashSet<string> Labels = ["cicd_pipeline_task_name", "cicd_pipeline_result", "cicd_pipeline_name", "deployment_environment_name", "deployment_status", "vcs_repository_name", "vcs_change_state"];

    private static JsonElement Dashboard()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "ClosedLoop.sln"))) root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("The checkout was not found above the tests.");
        return JsonDocument.Parse(File.ReadAllText(Path.Combine(root, "samples", "Watcher", "grafana-dashboard.json"))).RootElement;
    }
}
