using System.Net;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>An error is no evidence: it is said, it changes no fact, and what was read before it is kept.</summary>
public sealed class ProbeFailureTests : IDisposable
{
    private static readonly Key Change = Key.PullRequest("acme/web", 12);
    private readonly FakeGitHub _github = new FakeGitHub().Add(Payloads.PullRequest("opened", 10));

    public void Dispose() => _github.Dispose();

    [Theory]
    [InlineData(401, "{\"message\":\"Bad credentials\"}", "GitHub:Token")]
    [InlineData(403, "{\"message\":\"Resource not accessible by personal access token\"}", "GitHub:Token")]
    [InlineData(404, "{\"message\":\"Not Found\"}", "GitHub:BaseAddress")]
    [InlineData(500, "oops", "500")]
    [InlineData(503, "<html>", "503")]
    [InlineData(200, "<html>sign in</html>", "not JSON")]
    [InlineData(200, "", "not JSON")]
    [InlineData(200, "{\"data\":", "not JSON")]
    [InlineData(200, "[]", "no data")]
    [InlineData(200, "{\"errors\":[{\"message\":\"Parse error\"}]}", "Parse error")]
    public async Task A_refused_or_broken_answer_is_blind_and_names_the_fix(int status, string body, string expected)
    {
        _github.Intercept = (_, _) => FakeGitHub.Status(status, body);
        var result = await _github.ReadAsync(Change);
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Contains(expected, result.Detail);
        Assert.Empty(result.Facts);
        Assert.DoesNotContain("ghp_secret_token", result.Detail);
    }

    public static TheoryData<string, int, string, (string, string)[], double> Limits() => new()
    {
        { "primary", 403, "{}", [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", Reset(900))], 900 },
        { "primary with 429", 429, "{}", [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", Reset(900))], 900 },
        { "reset in milliseconds", 403, "{}", [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", Reset(900) + "000")], 900 },
        { "secondary with seconds", 403, "{}", [("retry-after", "120")], 120 },
        { "secondary with a date", 429, "{}", [("retry-after", Payloads.Start.AddHours(1).AddSeconds(300).ToString("R"))], 300 },
        { "secondary with a date that is over", 403, "{}", [("retry-after", Payloads.Start.ToString("R"))], 60 },
        { "secondary while the window has requests left", 403, "{}", [("retry-after", "90"), ("x-ratelimit-remaining", "4000"), ("x-ratelimit-reset", Reset(900))], 90 },
        { "secondary, an older text", 403, "{\"message\":\"You have triggered an abuse detection mechanism.\"}", [], 60 },
        { "secondary, only its text", 403, "{\"message\":\"You have exceeded a secondary rate limit.\"}", [], 60 },
        { "secondary, only its header", 403, "{}", [("gh-limited-by", "search"), ("x-ratelimit-remaining", "4000")], 60 },
        { "secondary, nothing", 429, "", [], 60 },
        { "a reset beyond reason", 429, "{}", [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", Reset(999_999))], 7200 },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task A_rate_limit_says_when_to_look_again_and_is_kept_to(string situation, int status, string body, (string, string)[] headers, double seconds)
    {
        var probe = _github.Probe();
        _github.Intercept = (_, _) => FakeGitHub.Status(status, body, headers);
        var result = await _github.ReadAsync(probe, null, Change);
        Assert.Equal((situation, ProbeOutcome.RateLimited), (situation, result.Outcome));
        Assert.Equal(seconds, (result.RetryAt!.Value - _github.Clock.GetUtcNow()).TotalSeconds, 1d);

        _github.Intercept = null;
        int before = _github.Requests.Count;
        Assert.Equal(ProbeOutcome.RateLimited, (await _github.ReadAsync(probe, null, Change)).Outcome);
        Assert.Equal(before, _github.Requests.Count);
        _github.Clock.Advance(TimeSpan.FromSeconds(seconds + 1));
        Assert.Equal(ProbeOutcome.Reached, (await _github.ReadAsync(probe, null, Change)).Outcome);
    }

    [Fact]
    public async Task A_limit_that_names_no_time_is_waited_for_longer_each_time()
    {
        var probe = _github.Probe();
        _github.Intercept = static (_, _) => FakeGitHub.Status(429);
        var waits = new List<double>();
        for (int i = 0; i < 6; i++)
        {
            var result = await _github.ReadAsync(probe, null, Change);
            waits.Add((result.RetryAt!.Value - _github.Clock.GetUtcNow()).TotalMinutes);
            _github.Clock.Advance(result.RetryAt.Value - _github.Clock.GetUtcNow());
        }
        Assert.Equal([1, 2, 4, 8, 16, 16], waits);
    }

    [Fact]
    public async Task A_rate_limit_between_two_queries_keeps_the_facts_of_the_first()
    {
        _github.Intercept = (_, _) => _github.Requests.Count == 2 ? FakeGitHub.Status(403, "{}", ("retry-after", "30")) : null;
        var result = await _github.ReadAsync([Change, .. Enumerable.Range(200, 110).Select(static n => Key.PullRequest("acme/web", n))]);
        Assert.Equal(ProbeOutcome.RateLimited, result.Outcome);
        Assert.Contains(result.Facts, static f => f.Subject == Change);
    }

    [Fact]
    public async Task A_query_refused_for_the_rate_with_status_200_is_a_rate_limit()
    {
        _github.Intercept = (_, _) => FakeGitHub.Json("""{"data":null,"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded"}]}""");
        var result = await _github.ReadAsync(Change);
        Assert.Equal(ProbeOutcome.RateLimited, result.Outcome);
        Assert.Equal(_github.Clock.GetUtcNow().AddMinutes(1), result.RetryAt);
        string reset = Payloads.At(3600 + 1200);
        _github.Intercept = (_, _) => FakeGitHub.Json($$"""{"data":{"rateLimit":{"resetAt":"{{reset}}"} },"errors":[{"type":"RATE_LIMIT","message":"API rate limit exceeded"}]}""");
        Assert.Equal(Payloads.Start.AddSeconds(3600 + 1200), (await _github.ReadAsync(Change)).RetryAt);
    }

    [Fact]
    public async Task The_last_requests_of_a_window_are_left_to_others()
    {
        var probe = _github.Probe();
        _github.Remaining = 100;
        var result = await _github.ReadAsync(probe, null, Change);
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.Equal(100, result.RemainingRequests);
        Assert.Equal(_github.Clock.GetUtcNow().AddMinutes(20), result.RetryAt);
        var held = await _github.ReadAsync(probe, null, Change);
        Assert.Equal(ProbeOutcome.RateLimited, held.Outcome);
        Assert.Contains("GitHub:MinRemainingRequests", held.Detail);
        Assert.Single(_github.Requests);
        _github.Clock.Advance(TimeSpan.FromMinutes(21));
        _github.Remaining = 5000;
        Assert.Equal(ProbeOutcome.Reached, (await _github.ReadAsync(probe, null, Change)).Outcome);
    }

    [Theory]
    [InlineData("FORBIDDEN", true, ProbeOutcome.Unreachable)]
    [InlineData("NOT_FOUND", true, ProbeOutcome.Reached)]
    [InlineData(null, true, ProbeOutcome.Unreachable)]
    [InlineData(null, false, ProbeOutcome.Unreachable)]
    public async Task Partial_data_is_used_and_a_missing_part_is_unknown_and_not_closed(string? type, bool withPath, ProbeOutcome expected)
    {
        var error = new JsonObject { ["message"] = "Something went wrong" };
        if (type is not null) error["type"] = type;
        if (withPath) error["path"] = new JsonArray("r0", "p13");
        var data = new FakeGitHub().Add(Payloads.PullRequest("opened", 10)).Repository("acme/web")["pulls"]!["12"]!.DeepClone();
        _github.Intercept = (_, _) => FakeGitHub.Json(new JsonObject
        {
            ["data"] = new JsonObject { ["r0"] = new JsonObject { ["p12"] = data.DeepClone(), ["p13"] = null } },
            ["errors"] = new JsonArray(error.DeepClone()),
        }.ToJsonString());
        var result = await _github.ReadAsync(Change, Key.PullRequest("acme/web", 13));
        Assert.Equal(expected, result.Outcome);
        Assert.Contains(result.Facts, static f => f.Subject == Change);
        Assert.DoesNotContain(result.Facts, static f => f.Subject == Key.PullRequest("acme/web", 13));
        Assert.Contains(result.Diagnostics, static d => d.Contains("Something went wrong", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Checks_that_the_token_may_not_read_are_no_green_main()
    {
        _github.Checks("SUCCESS", Payloads.CheckRun("completed", "success", 40, 50));
        _github.Errors.Add(new JsonObject { ["type"] = "FORBIDDEN", ["path"] = new JsonArray("r0", "c0", "statusCheckRollup", "contexts", "nodes", 1), ["message"] = "Resource not accessible by integration" });
        var result = await _github.ReadAsync(Key.Commit("acme/web", Payloads.Landing));
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Contains("GitHub:Token", result.Detail);
        Assert.DoesNotContain(result.Facts, static f => !f.IsPartial);
    }

    [Fact]
    public async Task An_answer_beyond_ten_megabytes_is_not_read()
    {
        _github.Intercept = static (_, _) => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new EndlessStream()) };
        var result = await _github.ReadAsync(Change);
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Contains("10 MB", result.Detail);
    }

    [Fact]
    public async Task A_redirect_within_GitHub_is_followed_and_one_to_another_host_never_sees_the_token()
    {
        _github.ETag = null;
        _github.Intercept = static (request, _) => request.RequestUri!.AbsolutePath == "/repos/acme/web/pulls" && request.RequestUri.Query.Contains("state=all", StringComparison.Ordinal)
            ? FakeGitHub.Status(301, "{}", ("Location", "https://api.github.com/repos/acme/web/pulls?moved=1"))
            : null;
        Assert.Equal(ProbeOutcome.Reached, (await _github.ReadAsync(_github.Probe(), Payloads.Start)).Outcome);
        _github.Requests.Clear();
        _github.Intercept = static (_, _) => FakeGitHub.Status(302, "{}", ("Location", "https://evil.example/graphql"));
        foreach (var result in (ProbeResult[])[await _github.ReadAsync(Change), await _github.ReadAsync(_github.Probe(), Payloads.Start)])
        {
            Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
            Assert.Contains("evil.example", result.Detail);
        }
        Assert.Equal(2, _github.Requests.Count);
        Assert.All(_github.Requests, static r => Assert.Equal("api.github.com", r.Request.RequestUri!.Host));
    }

    [Theory]
    [InlineData(301, "https://api.github.com/repositories/1000/pulls?page=1", true)]
    [InlineData(302, "/repositories/1000/pulls", true)]
    [InlineData(307, "/repositories/1000/pulls", true)]
    [InlineData(308, "/repositories/1000/pulls", true)]
    [InlineData(301, "https://api.github.com:8443/repositories/1000/pulls", false)]
    [InlineData(301, "http://api.github.com/repositories/1000/pulls", false)]
    [InlineData(308, "//evil.example/repositories/1000/pulls", false)]
    [InlineData(302, "https://api.github.com@evil.example/", false)]
    [InlineData(301, null, false)]
    public async Task A_repository_that_moved_is_read_where_it_is_now_unless_that_is_another_host(int status, string? location, bool isFollowed)
    {
        _github.Intercept = (request, _) => request.RequestUri!.AbsolutePath switch
        {
            "/repos/acme/web/pulls" => location is null ? FakeGitHub.Status(status) : FakeGitHub.Status(status, "{}", ("Location", location)),
            "/repositories/1000/pulls" => FakeGitHub.Json("[]"),
            _ => null,
        };
        var result = await _github.ReadAsync(_github.Probe(), Payloads.Start);
        Assert.Equal(isFollowed ? ProbeOutcome.Reached : ProbeOutcome.Unreachable, result.Outcome);
        Assert.All(_github.Requests, static r => Assert.Equal(("https", "api.github.com", 443), (r.Request.RequestUri!.Scheme, r.Request.RequestUri.Host, r.Request.RequestUri.Port)));
        Assert.Equal(isFollowed, _github.Requests.Exists(static r => r.Request.RequestUri!.AbsolutePath == "/repositories/1000/pulls"));
    }

    [Fact]
    public async Task A_repository_with_a_new_name_is_read_and_its_name_is_said()
    {
        _github.Intercept = (_, _) =>
        {
            var pull = new FakeGitHub().Add(Payloads.PullRequest("opened", 10)).Repository("acme/web")["pulls"]!["12"]!.DeepClone();
            return FakeGitHub.Json(new JsonObject { ["data"] = new JsonObject { ["r0"] = new JsonObject { ["nameWithOwner"] = "acme/site", ["p12"] = pull } } }.ToJsonString());
        };
        var result = await _github.ReadAsync(Change);
        Assert.Contains(result.Facts, static f => f.Subject == Change);
        Assert.Contains("acme/site", Assert.Single(result.Diagnostics), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_Enterprise_Server_has_its_GraphQL_beside_its_REST()
    {
        await using var server = await Loopback.StartAsync();
        server.Answer = static request => request.Path switch
        {
            "/api/graphql" => (200, """{"data":{"r0":{"nameWithOwner":"acme/web"}}}""", []),
            _ when request.Path.StartsWith("/api/v3/repos/acme/web/pulls?", StringComparison.Ordinal) => (200, "[]", []),
            _ => (404, "{}", []),
        };
        using var http = Probing.GitHubClient.CreateHttp();
        foreach (string address in (string[])["api/v3/", "api/v3"])
        {
            var probe = GitHubAdapter.Create(Hook.Options(o => (o.Token, o.BaseAddress) = ("ghp_secret_token", new Uri(server.Address, address))), http, _github.Clock).Probe!;
            var result = await probe.ProbeAsync(new ProbeBatch { Source = "github", SweepSince = Payloads.Start, At = _github.Clock.GetUtcNow() }, CancellationToken.None);
            Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        }
        Assert.All(server.Requests, static r => Assert.Equal("Bearer ghp_secret_token", r.Authorization));
        Assert.Equal(["/api/graphql", "/api/v3/repos/acme/web/pulls"], server.Requests.Select(static r => r.Path.Split('?')[0]).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_answer_that_a_client_fetched_from_another_host_is_not_believed()
    {
        _github.Intercept = static (_, _) =>
        {
            var response = FakeGitHub.Json("""{"data":{"r0":null}}""");
            response.RequestMessage = new HttpRequestMessage(HttpMethod.Post, "https://evil.example/graphql");
            return response;
        };
        Assert.Contains("evil.example", (await _github.ReadAsync(Change)).Detail);
    }

    [Fact]
    public async Task A_request_without_an_answer_ends_at_its_limit_and_a_shutdown_is_no_outcome()
    {
        using var http = new HttpClient(new SilentHandler());
        var options = Hook.Options(static o => o.Token = "ghp_secret_token");
        var probe = GitHubAdapter.Create(options, http, _github.Clock).Probe!;
        var batch = new ProbeBatch { Source = "github", Keys = [Change], At = _github.Clock.GetUtcNow() };
        var pending = probe.ProbeAsync(batch, CancellationToken.None).AsTask();
        Assert.False(pending.IsCompleted);
        _github.Clock.Advance(TimeSpan.FromSeconds(16));
        var result = await pending;
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Contains("GitHub:RequestTimeout", result.Detail);

        using var stop = new CancellationTokenSource();
        pending = probe.ProbeAsync(batch, stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
    }

    [Fact]
    public async Task A_host_that_is_not_there_is_blind()
    {
        _github.Intercept = static (_, _) => throw new HttpRequestException("Connection refused");
        var result = await _github.ReadAsync(Change);
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Contains("Connection refused", result.Detail);
    }

    private static string Reset(int seconds) => Payloads.Start.AddHours(1).AddSeconds(seconds).ToUnixTimeSeconds().ToString();

    private sealed class SilentHandler : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var never = new TaskCompletionSource<HttpResponseMessage>();
            await using var _ = cancellationToken.Register(() => never.TrySetCanceled(cancellationToken));
            return await never.Task;
        }
    }

    private sealed class EndlessStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => 0; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Array.Fill(buffer, (byte)' ', offset, count);
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
