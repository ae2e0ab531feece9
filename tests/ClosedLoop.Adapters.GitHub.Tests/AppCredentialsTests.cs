using System.Globalization;
using ClosedLoop.Facts;
using ClosedLoop.Testing.Time;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>An App signs, exchanges, keeps and renews; its key and its tokens are nowhere to be seen.</summary>
public sealed class AppCredentialsTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new(Payloads.Start);
    private readonly HttpClient _http = Probing.GitHubClient.CreateHttp();
    private readonly Notes _log = new();
    private Loopback _server = null!;
    private int _issued;
    private string? _revoked;

    public async Task InitializeAsync()
    {
        _server = await Loopback.StartAsync();
        _server.Answer = Answer;
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_token_is_exchanged_for_once_and_again_before_it_ends(bool isPkcs8)
    {
        var probe = Probe(isPkcs8 ? AppKey.Pkcs8 : AppKey.Pem);
        for (int i = 0; i < 3; i++) Assert.Equal(ProbeOutcome.Reached, (await LookAsync(probe)).Outcome);
        Assert.Equal(1, _issued);
        Assert.Equal(3, Queries("ghs_canary_1"));
        _clock.Advance(TimeSpan.FromMinutes(53));
        await LookAsync(probe);
        Assert.Equal(1, _issued);
        _clock.Advance(TimeSpan.FromMinutes(2));
        await LookAsync(probe);
        Assert.Equal((2, 1), (_issued, Queries("ghs_canary_2")));
        Quiet();
    }

    [Fact]
    public async Task Many_looks_at_once_share_one_exchange()
    {
        var probe = Probe();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => LookAsync(probe)));
        Assert.Equal(1, _issued);
    }

    [Fact]
    public async Task A_token_that_GitHub_refuses_is_renewed_once()
    {
        var probe = Probe();
        await LookAsync(probe);
        _revoked = "ghs_canary_1";
        Assert.Equal(ProbeOutcome.Reached, (await LookAsync(probe)).Outcome);
        Assert.Equal(2, _issued);

        // Refused for good: two requests, no more, and then no evidence.
        int before = _server.Requests.Count;
        _revoked = "";
        var refused = await LookAsync(probe);
        Assert.Equal(ProbeOutcome.Unreachable, refused.Outcome);
        Assert.Contains("GitHub:App", refused.Detail);
        Assert.Equal(3, _server.Requests.Count - before);
        Quiet(refused);
    }

    [Theory]
    [InlineData(401, "{\"message\":\"A JSON web token could not be decoded\"}", "GitHub:App:PrivateKey", ProbeOutcome.Unreachable)]
    [InlineData(404, "{\"message\":\"Not Found\"}", "GitHub:App:InstallationId", ProbeOutcome.Unreachable)]
    [InlineData(403, "{\"message\":\"This installation has been suspended\"}", "403", ProbeOutcome.Unreachable)]
    [InlineData(429, "{}", "rate", ProbeOutcome.RateLimited)]
    [InlineData(500, "ghs_canary_in_an_error", "500", ProbeOutcome.Unreachable)]
    [InlineData(201, "{\"token\":\"ghs_canary_\\r\\nX: 1\"}", "no token", ProbeOutcome.Unreachable)]
    [InlineData(201, "{\"token\":17}", "no token", ProbeOutcome.Unreachable)]
    [InlineData(201, "ghs_canary_without_json", "not JSON", ProbeOutcome.Unreachable)]
    [InlineData(201, "", "no token", ProbeOutcome.Unreachable)]
    public async Task A_failed_exchange_is_no_evidence_and_says_what_to_do(int status, string body, string expected, ProbeOutcome outcome)
    {
        _server.Answer = _ => (status, body, []);
        var result = await LookAsync(Probe());
        Assert.Equal(outcome, result.Outcome);
        Assert.Contains(expected, result.Detail);
        Assert.Empty(result.Facts);
        Assert.All(_server.Requests, static r => Assert.StartsWith("/app/installations/7/access_tokens", r.Path, StringComparison.Ordinal));
        Quiet(result);
    }

    [Fact]
    public async Task A_token_without_an_end_or_with_one_in_the_past_is_not_asked_for_with_every_request()
    {
        foreach (string ends in (string[])["", ",\"expires_at\":\"2001-01-01T00:00:00Z\"", ",\"expires_at\":\"9999-12-31T23:59:59Z\""])
        {
            _issued = 0;
            _server.Answer = request => request.Path.StartsWith("/app/", StringComparison.Ordinal) ? (201, $$"""{"token":"ghs_canary_{{++_issued}}"{{ends}}}""", []) : Answer(request);
            var probe = Probe();
            await LookAsync(probe);
            await LookAsync(probe);
            Assert.Equal(1, _issued);
            _clock.Advance(TimeSpan.FromHours(1));
            await LookAsync(probe);
            Assert.Equal(2, _issued);
        }
    }

    [Fact]
    public async Task The_Apps_own_hook_is_asked_for_as_the_App()
    {
        var probe = Probe(change: static o => o.RedeliverHooks.Add("app/hook"));
        await probe.ProbeAsync(new ProbeBatch { Source = "github", SweepSince = Payloads.Start, At = _clock.GetUtcNow() }, CancellationToken.None);
        var list = Assert.Single(_server.Requests, static r => r.Path.StartsWith("/app/hook/deliveries", StringComparison.Ordinal));
        Assert.NotNull(AppKey.Read(list.Authorization));
    }

    private IProbe Probe(string? pem = null, Action<GitHubOptions>? change = null)
    {
        var options = Hook.Options(o =>
        {
            o.App = new GitHubAppOptions { ClientId = "Iv1.0123456789abcdef", InstallationId = 7, PrivateKey = pem ?? AppKey.Pem };
            o.BaseAddress = _server.Address;
            change?.Invoke(o);
        });
        return GitHubAdapter.Create(options, _http, _clock, _log).Probe!;
    }

    private async Task<ProbeResult> LookAsync(IProbe probe) =>
        await probe.ProbeAsync(new ProbeBatch { Source = "github", Keys = [Key.PullRequest("acme/web", 12)], At = _clock.GetUtcNow() }, CancellationToken.None);

    private int Queries(string token) => _server.Requests.Count(r => r.Path == "/graphql" && r.Authorization == "Bearer " + token);

    private (int, string, (string, string)[]) Answer(Loopback.Request request)
    {
        if (request.Path == "/app/installations/7/access_tokens")
        {
            var app = AppKey.Read(request.Authorization);
            Assert.NotNull(app);
            Assert.Equal("Iv1.0123456789abcdef", app.Value.Issuer);
            Assert.Equal(_clock.GetUtcNow().AddMinutes(-1), app.Value.IssuedAt);
            Assert.True(app.Value.Ends > _clock.GetUtcNow() && app.Value.Ends <= _clock.GetUtcNow().AddMinutes(10));
            return (201, string.Create(CultureInfo.InvariantCulture, $$"""{"token":"ghs_canary_{{Interlocked.Increment(ref _issued)}}","expires_at":"{{_clock.GetUtcNow().AddHours(1):yyyy-MM-dd'T'HH:mm:ss'Z'}}"}"""), []);
        }
        if (request.Path.StartsWith("/app/hook/", StringComparison.Ordinal)) return (200, "[]", []);
        bool isGood = request.Authorization?.StartsWith("Bearer ghs_canary_", StringComparison.Ordinal) == true && _revoked != "" && request.Authorization != "Bearer " + _revoked;
        if (!isGood) return (401, """{"message":"Bad credentials"}""", []);
        return request.Path == "/graphql" ? (200, """{"data":{"r0":{"nameWithOwner":"acme/web","p12":null}}}""", []) : (200, "[]", []);
    }

    private void Quiet(ProbeResult? result = null)
    {
        string all = string.Join('\n', _log.Lines) + '\n' + (result is null ? "" : $"{result.Detail}\n{string.Join('\n', result.Diagnostics)}");
        foreach (string secret in (string[])["ghs_canary", "PRIVATE KEY", AppKey.Pem[100..160], "eyJ"]) Assert.DoesNotContain(secret, all, StringComparison.Ordinal);
    }

    private sealed class Notes : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Lines) Lines.Add($"{formatter(state, exception)} {exception}");
        }
    }
}
