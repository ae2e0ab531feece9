using System.Text.Json;
using ClosedLoop.Facts;
using ClosedLoop.Samples.Watcher;
using ClosedLoop.Samples.Watcher.Providers;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Samples.Tests.Watcher;

public sealed class OtlpExportTests
{
    [Fact]
    public async Task A_collector_gets_one_trace_for_each_item_with_its_gates_and_the_metrics()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        var folder = Directory.CreateTempSubdirectory("closedloop-");
        await using (var app = Build(folder.FullName, collector.Address.ToString()))
        {
            await app.StartAsync();
            var loop = app.Services.GetRequiredService<IClosedLoop>();
            foreach (string id in (string[])["OTLP-1", "OTLP-2"])
            {
                await loop.OpenAsync(new WorkItem(id) { Agent = new AgentInfo("builder-7", "model-5", "s-1") });
                foreach (string gate in (string[])[Gates.PrOpened, Gates.Reviewed, Gates.Merged, Gates.MainCi])
                    Assert.True((await loop.RecordByHandAsync(id, gate, "ann", "seen by eye", Evidence.At("https://ci.example/1"))).IsRecorded);
            }
            await app.StopAsync();
        }

        foreach (string id in (string[])["OTLP-1", "OTLP-2"])
        {
            var root = Assert.Single(collector.Spans, s => s.Attributes.GetValueOrDefault("cicd.pipeline.run.id") == id);
            var trace = collector.Spans.Where(s => s.TraceId == root.TraceId).ToList();
            Assert.Equal(("RUN delivery", "", "success"), (root.Name, root.ParentSpanId, root.Attributes["cicd.pipeline.result"]));
            Assert.Equal(["main-ci", "merged", "pr-opened", "reviewed"], trace.Where(s => s != root).Select(static s => s.Attributes["cicd.pipeline.task.name"]).Order(StringComparer.Ordinal));
            Assert.All(trace.Where(s => s != root), s => Assert.Equal((root.SpanId, $"{id}/{s.Name}"), (s.ParentSpanId, s.Attributes["cicd.pipeline.task.run.id"])));
            Assert.All(trace, static s => Assert.True(s.StartNanoseconds <= s.EndNanoseconds));
        }
        Assert.Contains(collector.Spans, static s => s.Name == "commit");
        Assert.Equal("s", collector.Metrics["cicd.pipeline.run.duration"]);
        Assert.Equal("s", collector.Metrics["vcs.change.time_to_merge"]);
        Assert.Equal("{transition}", collector.Metrics["closedloop.transitions"]);
        Assert.Equal("closedloop-watcher", collector.Resource["service.name"]);
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("collector", "OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData("ftp://collector", "OTEL_EXPORTER_OTLP_ENDPOINT")]
    public void An_address_that_is_none_does_not_start(string endpoint, string named)
    {
        var folder = Directory.CreateTempSubdirectory("closedloop-");

        var exception = Assert.Throws<InvalidOperationException>(() => Build(folder.FullName, endpoint));

        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    private static Microsoft.AspNetCore.Builder.WebApplication Build(string folder, string endpoint)
    {
        string file = Path.Combine(folder, "watcher.json");
        File.WriteAllText(file, JsonSerializer.Serialize(new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint }));
        Assert.True(WatcherArguments.TryParse(["--config", file, "--urls", "http://127.0.0.1:0", "--store", Path.Combine(folder, "x.db")], out var arguments, out _));
        return ConfigCommand.Build(arguments, file);
    }
}
