using ClosedLoop.Facts;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Adapters.Health.Tests;

public sealed class HttpCheckTests : IAsyncLifetime
{
    private FakeService _service = null!;

    public async Task InitializeAsync() => _service = await FakeService.StartAsync();

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task A_good_answer_that_proves_its_version_passes_for_that_version_at_that_instant()
    {
        _service.Says(200, Given.Up('a'));
        var observer = Given.Observe(Given.Http(_service.Address));
        var fact = await observer.LookAsync();
        Assert.Equal(("environment:production/eu", "healthy", "health:web"), (fact.Subject.ToString(), fact.Kind, fact.Writer.ToString()));
        Assert.Equal((GateStatus.Passed, Reason.None, "production", "eu"), (fact.Status, fact.Reason, fact.Environment, fact.Name));
        Assert.Equal((Given.Sha('a'), "acme/web", "proven"), (fact.Revision, fact.Attribute(FactAttributes.Repository), fact.Attribute("version_source")));
        Assert.Equal([Key.Commit("acme/web", Given.Sha('a'))], fact.Links);
        Assert.Equal((Ordinal.At(observer.Time.GetUtcNow()), observer.Time.GetUtcNow()), (fact.Ordinal, fact.OccurredAt));
        Assert.Equal("web: HTTP 200, 'status' is 'UP'", fact.Detail);
        Assert.Contains(fact.Writer, observer.Adapter.Writers);
    }

    [Theory]
    [InlineData(200, "UP", GateStatus.Passed, Reason.None)]
    [InlineData(200, "DOWN", GateStatus.Failed, Reason.None)]
    [InlineData(503, "DOWN", GateStatus.Failed, Reason.None)]
    [InlineData(503, "UP", GateStatus.Failed, Reason.None)]
    [InlineData(200, "up", GateStatus.Failed, Reason.None)]
    [InlineData(404, "UP", GateStatus.Failed, Reason.None)]
    [InlineData(429, "UP", GateStatus.Waiting, Reason.Inconclusive)]
    public async Task The_status_and_the_body_must_both_be_well(int status, string body, GateStatus expected, Reason reason)
    {
        _service.Says(status, Given.Up('a', body));
        var fact = await Given.Observe(Given.Http(_service.Address)).LookAsync();
        Assert.Equal((expected, reason), (fact.Status, fact.Reason));
        Assert.Equal(Given.Sha('a'), fact.Revision);
    }

    [Theory]
    [InlineData("Healthy", GateStatus.Passed)]
    [InlineData("Degraded", GateStatus.Failed)]
    [InlineData("Unhealthy", GateStatus.Failed)]
    public async Task A_text_is_compared_whole(string text, GateStatus expected)
    {
        _service.Says(200, text + "\n", ("X-Revision", Given.Sha('A')));
        var fact = await Given.Observe(Given.Http(_service.Address, static c =>
        {
            (c.BodyPath, c.VersionPath, c.VersionHeader) = (null, null, "X-Revision");
            c.BodyValues[0] = "Healthy";
        })).LookAsync();
        Assert.Equal((expected, Given.Sha('a')), (fact.Status, fact.Revision));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("{\"status\":{}}")]
    [InlineData("[\"UP\"]")]
    public async Task A_body_without_the_verdict_is_no_evidence(string body)
    {
        _service.Says(200, body);
        var observer = Given.Observe(Given.Http(_service.Address));
        var result = await observer.SweepAsync();
        Assert.Equal((GateStatus.Waiting, Reason.Unrecognized), (result.Facts[0].Status, result.Facts[0].Reason));
        Assert.Contains("Health:Http:0", Assert.Single(result.Diagnostics), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_without_a_condition_is_not_looked_at()
    {
        _service.Says(200, Given.Sha('a'));
        var fact = await Given.Observe(Given.Http(_service.Address, static c =>
        {
            (c.BodyPath, c.VersionPath) = (null, null);
            c.BodyValues.Clear();
            c.VersionAddress = new Uri(c.Address!, "/version");
        })).LookAsync();
        Assert.Equal((GateStatus.Passed, Given.Sha('a')), (fact.Status, fact.Revision));
        Assert.Equal(["/version", "/health", "/version"], _service.Requests.Select(static r => r.Target));
    }

    [Fact]
    public async Task A_version_that_changes_during_the_look_proves_nothing()
    {
        int versions = 0;
        _service.Answer = context => context.Response.WriteAsync(context.Request.Path == "/version" ? Given.Sha("ab"[versions++ % 2]) : Given.Up(null));
        var fact = await Given.Observe(Given.Http(_service.Address, static c => (c.VersionPath, c.VersionAddress) = (null, new Uri(c.Address!, "/version")))).LookAsync();
        Assert.Equal((GateStatus.Waiting, Reason.Inconclusive, null), (fact.Status, fact.Reason, fact.Revision));
        Assert.Contains("another version answered", fact.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"1.4.2\"", "no full commit id")]
    [InlineData("\"aaaaaaa\"", "no full commit id")]
    [InlineData("\"latest\"", "no full commit id")]
    [InlineData("null", "no version")]
    [InlineData("7", "no full commit id")]
    public async Task Without_a_proven_version_a_good_look_says_so_and_counts_for_nobody(string version, string why)
    {
        _service.Says(200, $"{{\"status\":\"UP\",\"commit\":{version}}}");
        var fact = await Given.Observe(Given.Http(_service.Address)).LookAsync();
        Assert.Equal((GateStatus.Waiting, Reason.Inconclusive, "unproven"), (fact.Status, fact.Reason, fact.Attribute("version_source")));
        Assert.Empty(fact.Links);
        Assert.Null(fact.Revision);
        Assert.Contains(why, fact.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_rollout_says_binds_only_when_configured_and_is_marked()
    {
        _service.Says(200, Given.Up(null));
        var fact = await Given.Observe(Given.Http(_service.Address, static c => c.RolloutVersion = static _ => ValueTask.FromResult<string?>("registry.example/web@" + Given.Digest('d')))).LookAsync();
        Assert.Equal((GateStatus.Passed, "rollout"), (fact.Status, fact.Attribute("version_source")));
        Assert.Equal([Key.Image(Given.Digest('d'))], fact.Links);
        Assert.Contains("the rollout's word", fact.Detail, StringComparison.Ordinal);

        foreach (var source in (Func<CancellationToken, ValueTask<string?>>[])[static _ => ValueTask.FromResult<string?>(null), static _ => throw new InvalidOperationException("canary-in-an-exception")])
        {
            var observer = Given.Observe(Given.Http(_service.Address, c => c.RolloutVersion = source));
            var result = await observer.SweepAsync();
            Assert.Equal(GateStatus.Waiting, result.Facts[0].Status);
            Assert.DoesNotContain(result.Diagnostics, static d => d.Contains("canary", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/http://elsewhere.example/health")]
    [InlineData("//elsewhere.example/health")]
    [InlineData("/a:b/c?d=e:f")]
    public async Task Every_address_is_asked_for_as_it_is_written(string path)
    {
        _service.Says(200, Given.Up('a'));
        var fact = await Given.Observe(Given.Http(_service.Address, c => c.Address = new Uri(_service.Address.GetLeftPart(UriPartial.Authority) + path))).LookAsync();
        Assert.Equal(GateStatus.Passed, fact.Status);
        Assert.Equal(path, Assert.Single(_service.Requests).Target);
    }

    [Fact]
    public async Task A_service_that_does_not_answer_is_not_well_and_nobody_is_blind()
    {
        var gone = new Uri("http://127.0.0.1:1/");
        var result = await Given.Observe(Given.Http(gone)).SweepAsync();
        Assert.Equal((ProbeOutcome.Reached, GateStatus.Failed), (result.Outcome, result.Facts[0].Status));
        Assert.Null(result.Facts[0].Revision);
        Assert.Contains("cannot be reached", result.Facts[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slow_service_is_not_well_after_the_checks_own_time()
    {
        var stop = new TaskCompletionSource();
        _service.Answer = async context => await Task.WhenAny(stop.Task, Task.Delay(Timeout.Infinite, context.RequestAborted));
        var options = Given.Options(Given.Http(_service.Address, static c => c.RequestTimeout = TimeSpan.FromMilliseconds(200)));
        var result = await new Given.Observer(options, TimeProvider.System).SweepAsync();
        Assert.Equal(GateStatus.Failed, result.Facts[0].Status);
        Assert.Contains("did not answer within 0.2 s", result.Facts[0].Detail, StringComparison.Ordinal);
        stop.SetResult();
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_not_well()
    {
        _service.Answer = context =>
        {
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        };
        var fact = await Given.Observe(Given.Http(_service.Address)).LookAsync();
        Assert.Equal((GateStatus.Failed, "web: HTTP 302"), (fact.Status, fact.Detail));
        Assert.Equal("/health", Assert.Single(_service.Requests).Target);
    }

    [Fact]
    public async Task A_body_beyond_the_cap_is_not_read_to_its_end()
    {
        _service.Answer = async context =>
        {
            byte[] block = new byte[64 * 1024];
            for (int i = 0; i < 1000 && !context.RequestAborted.IsCancellationRequested; i++) await context.Response.Body.WriteAsync(block, context.RequestAborted);
        };
        var fact = await Given.Observe(Given.Http(_service.Address)).LookAsync();
        Assert.Equal(GateStatus.Failed, fact.Status);
        Assert.Contains("more than 1 MB", fact.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_authorization_is_sent_to_its_own_host_and_to_no_other()
    {
        await using var other = await FakeService.StartAsync();
        _service.Says(200, Given.Up('a'));
        other.Says(200, Given.Sha('a'));
        await Given.Observe(Given.Http(_service.Address, c =>
        {
            c.Authorization = "Bearer the-token-of-the-check";
            (c.VersionPath, c.VersionAddress) = (null, new Uri(other.Address, "/version"));
        })).LookAsync();
        Assert.Equal("Bearer the-token-of-the-check", Assert.Single(_service.Requests).Authorization);
        Assert.Equal(2, other.Requests.Count);
        Assert.All(other.Requests, static r => Assert.Equal("", r.Authorization ?? ""));
    }
}
