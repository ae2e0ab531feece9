using System.Globalization;
using System.Text.Json;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Insights.Ci;
using ClosedLoop.Insights.Cost;
using ClosedLoop.Insights.CycleTime;
using ClosedLoop.Insights.Dora;
using ClosedLoop.Insights.Export;
using ClosedLoop.Insights.Outcomes;
using ClosedLoop.Insights.Records;
using ClosedLoop.Insights.Review;
using ClosedLoop.Insights.Statistics;
using ClosedLoop.Insights.Tests.Support;

namespace ClosedLoop.Insights.Tests.Export;

public sealed class ExportTests
{
    private const string Header = "metric,scope,period,statistic,value,unit,count,low_sample,censored,excluded\r\n";

    [Theory]
    [InlineData("=HYPERLINK(\"http://evil\")", "\"'=HYPERLINK(\"\"http://evil\"\")\"")]
    [InlineData("+1", "'+1")]
    [InlineData("-2+3", "'-2+3")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\tx", "'\tx")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a \"b\"\nc", "\"a \"\"b\"\"\nc\"")]
    [InlineData("plain - text", "plain - text")]
    [InlineData("", "")]
    public void A_text_is_quoted_by_RFC_4180_and_never_a_formula(string scope, string cell) =>
        Assert.Equal(Header + $"m,{cell},,s,,items,,,,\r\n", MetricExport.ToCsv([new MetricRow("m", "s", null, "items") { Scope = scope }]));

    [Fact]
    public void Numbers_are_invariant_and_what_has_no_value_is_empty()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            // The machine's own cultures are switched off; this one writes a comma.
            var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            comma.NumberFormat.NumberDecimalSeparator = ",";
            comma.NumberFormat.NegativeSign = "~";
            CultureInfo.CurrentCulture = comma;

            var rows = MetricRows.Of("lead-time", Summaries.Of([TimeSpan.FromMilliseconds(1500)], 2, new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 }), "delivery", "2026-W02").Append(MetricRows.Of("rate", new Ratio(0, 0))).Append(new MetricRow("x", "y", -0.5m, "USD"));

            Assert.Equal(
                Header + "lead-time,delivery,2026-W02,p50,1.5,s,1,true,2,3\r\nlead-time,delivery,2026-W02,p85,1.5,s,1,true,2,3\r\nlead-time,delivery,2026-W02,p95,1.5,s,1,true,2,3\r\nlead-time,delivery,2026-W02,p99,1.5,s,1,true,2,3\r\nlead-time,delivery,2026-W02,max,1.5,s,1,,2,3\r\n"
                + "rate,,,share,,share,0,true,,\r\nx,,,y,-0.5,USD,,,,\r\n",
                MetricExport.ToCsv(rows));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public async Task The_flow_report_is_exported_whole_with_weeks_and_durations_by_ISO_8601()
    {
        using var system = new FlowFixture();
        await system.TakeAsync(Given.Delivered(1, 1, new string('a', 40)));
        var report = await system.ReportAtAsync(60);

        using var json = JsonDocument.Parse(MetricExport.ToJson(report));

        var pipeline = json.RootElement.GetProperty("pipelines")[0];
        var week = pipeline.GetProperty("weeks")[0];
        Assert.Equal(("2026-W02", 1, "PT5M"), (week.GetProperty("week").GetString(), week.GetProperty("done").GetInt32(), week.GetProperty("leadTime").GetProperty("p50").GetProperty("value").GetString()));
        Assert.Equal(JsonValueKind.Null, pipeline.GetProperty("throughput").GetProperty("sustained").ValueKind);
        string csv = MetricExport.ToCsv(MetricRows.Of(report));
        Assert.Contains("flow,delivery,2026-W02,done,1,items,,,,\r\n", csv, StringComparison.Ordinal);
        Assert.Contains("gate-time,delivery/main-ci,,p50,120,s,1,true,0,0\r\n", csv, StringComparison.Ordinal);
        Assert.Contains("throughput,delivery,,sustained-merges,,1/week,0,,,\r\n", csv, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_report_has_both_forms()
    {
        var from = Utc.At("2026-01-05");
        var dora = DoraReport.Measure(DevLakeTables.LeadTimeDeployments.ToList(), DevLakeTables.LeadTimeCommits, [new IncidentRecord("i", Utc.At("2023-04-14"))], Utc.At("2023-04-10"), Utc.At("2023-05-08"), DoraBands.V2023);
        var cycle = CycleTimeReport.Measure(DevLakeTables.PullRequests.ToList(), new Dictionary<string, DeploymentRecord>());
        var its = IterationsToSuccess.Measure([new CiRun { Change = "a", Commit = "1", ByAgent = true, Result = CiResult.Passed }]);
        var rounds = CiRounds.Measure([], new Dictionary<string, DateTimeOffset?> { ["a"] = from });
        var tors = TestOracle.Measure([new TestFailure("t", FailureVerdict.Real, "web")]);
        var auto = AutoApproval.Measure([new MergedChange("a", ReviewClass.Green, false)]);
        var cpi = CostPerIteration.Measure([new CostEntry(CostKind.ModelApi, 1.25m)], 1);
        var features = CostPerFeature.Measure([new CostEntry(CostKind.ModelApi, 1.25m) { Change = "a" }], [new FeatureLink("a", "login")], []);
        var weeks = FeaturesPerWeek.Measure([], IsoWeek.Of(from), IsoWeek.Of(from), from);
        var loop = LoopEfficiency.Measure([]);
        var vanity = VanityCheck.Measure([], []);

        (string Json, IEnumerable<MetricRow> Rows, string Sample)[] all =
        [
            (MetricExport.ToJson(dora), MetricRows.Of(dora), "\"changeFailBand\":\"Low\""), (MetricExport.ToJson(cycle), MetricRows.Of(cycle), "\"unknown\":1"), (MetricExport.ToJson(its), MetricRows.Of(its), "\"mean\":1"),
            (MetricExport.ToJson(rounds), MetricRows.Of(rounds), "\"withoutEvidence\":1"), (MetricExport.ToJson(tors), MetricRows.Of(tors), "\"Real\":1"), (MetricExport.ToJson(auto), MetricRows.Of(auto), "\"value\":1"),
            (MetricExport.ToJson(cpi), MetricRows.Of(cpi), "\"cpiCore\":null"), (MetricExport.ToJson(features), MetricRows.Of(features), "\"workInProgress\":1.25"), (MetricExport.ToJson(weeks), MetricRows.Of(weeks), "\"2026-W02\":0"),
            (MetricExport.ToJson(loop), MetricRows.Of(loop), "\"value\":null"), (MetricExport.ToJson(vanity), MetricRows.Of(vanity), "\"isFlagged\":null"),
        ];

        foreach (var (json, rows, sample) in all)
        {
            Assert.Contains(sample, json, StringComparison.Ordinal);
            var list = rows.ToList();
            Assert.NotEmpty(list);
            Assert.Equal(list.Count + 1, MetricExport.ToCsv(list).Split("\r\n").Length - 1);
            Assert.Equal(list.Count, JsonDocument.Parse(MetricExport.ToJson(list)).RootElement.GetArrayLength());
        }
    }
}
