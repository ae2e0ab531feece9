using System.Net;
using ClosedLoop.Adapters;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClosedLoop.AspNetCore.Tests;

public sealed class HealthTests
{
    [Fact]
    public async Task A_reachable_store_is_healthy_and_needs_no_token()
    {
        await using var host = await LoopHost.StartAsync();

        using var response = await host.SendAsync(HttpMethod.Get, "/healthz");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("healthy", (await LoopHost.JsonOf(response)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_is_unhealthy_and_its_failure_is_not_shown()
    {
        var store = new GatedStore();
        await using var host = await LoopHost.StartAsync(l => l.UseStore(_ => store));
        await host.ReadAsync("/api/board");
        store.Failure = new StoreUnavailableException("Password=hunter2");

        using var response = await host.SendAsync(HttpMethod.Get, "/healthz");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        string text = await response.Content.ReadAsStringAsync();
        Assert.Contains("\"unhealthy\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_blind_source_is_degraded_and_named_without_its_details()
    {
        var probe = new UnreachableProbe();
        await using var host = await LoopHost.StartAsync(l =>
        {
            l.AddAdapter(_ => new AdapterRegistration { Name = "forge", Writers = [new Writer(WriterRoles.SourceControl, "forge")], Gates = [Gates.Merged], Probe = probe, ProbeSchemes = ["pr"] });
            l.Services.AddHealthChecks().AddClosedLoop();
        });
        var queries = host.App.Services.GetRequiredService<ILoopQueries>();
        await probe.Asked;
        // The answer of the probe is noted just after it was given.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (queries.Sources.Single().BlindSince is null)
        {
            Assert.False(patience.IsCancellationRequested, $"the source is not blind: {queries.Sources.Single()}");
            await Task.Yield();
        }

        using var response = await host.SendAsync(HttpMethod.Get, "/healthz");
        var report = await host.App.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        string text = await response.Content.ReadAsStringAsync();
        Assert.Contains("\"degraded\"", text, StringComparison.Ordinal);
        Assert.Contains("\"forge\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
        var entry = report.Entries["closedloop"];
        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains("forge", entry.Description, StringComparison.Ordinal);
    }

    private sealed class UnreachableProbe : IProbe
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        public ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, CancellationToken cancellationToken)
        {
            _asked.TrySetResult();
            return new(ProbeResult.Unreachable("https://user:hunter2@forge.example did not answer"));
        }
    }
}
