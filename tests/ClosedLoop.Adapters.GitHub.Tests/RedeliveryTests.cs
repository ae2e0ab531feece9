using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Testing.Time;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>Failed deliveries are found in the hook's list and sent again, each once.</summary>
public sealed class RedeliveryTests : IAsyncLifetime
{
    private const string Hooked = "repos/acme/web/hooks/42";

    private readonly ManualTimeProvider _clock = new(Payloads.Start.AddDays(10));
    private readonly HttpClient _http = Probing.GitHubClient.CreateHttp();
    private readonly List<JsonObject> _deliveries = [];
    private Loopback _server = null!;
    private IProbe _probe = null!;
    private int _pageSize = 100;
    private Func<Loopback.Request, (int, string, (string, string)[])?>? _instead;

    public async Task InitializeAsync()
    {
        _server = await Loopback.StartAsync();
        _server.Answer = Answer;
        _probe = Probe();
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task What_failed_within_three_days_is_sent_again_once_oldest_first()
    {
        Add(1, -80 * 60, "Invalid HTTP Response: 503");
        Add(2, -70 * 60, "timed out");
        Add(3, -60, "OK");
        Add(4, -50, "failed to connect to host", "issues");
        Add(5, -40, "Invalid HTTP Response: 503");
        var result = await SweepAsync();
        Assert.Equal([2, 5], Sent());
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.Equal(2, result.Diagnostics.Count(static d => d.Contains("sent again", StringComparison.Ordinal)));
        for (int i = 0; i < 3; i++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            await SweepAsync();
        }
        Assert.Equal([2, 5], Sent());

        // A later failure is seen too, and what does not change costs one conditional request.
        Add(6, 170, "timed out");
        _clock.Advance(TimeSpan.FromMinutes(1));
        await SweepAsync();
        Assert.Equal([2, 5, 6], Sent());
    }

    [Fact]
    public async Task What_another_process_or_a_person_had_sent_again_is_left_alone_and_a_second_failure_is_said()
    {
        Add(1, -120, "timed out");
        Add(2, -110, "timed out");
        AddAgain(3, -60, 1, "OK");
        AddAgain(4, -50, 2, "Invalid HTTP Response: 500");
        var result = await SweepAsync();
        Assert.Empty(Sent());
        Assert.Contains("failed again", Assert.Single(result.Diagnostics), StringComparison.Ordinal);

        // A process that starts later knows it from the list as well.
        _probe = Probe();
        await SweepAsync();
        Assert.Empty(Sent());
    }

    [Fact]
    public async Task One_sweep_sends_a_bounded_number_and_the_next_ones_the_rest()
    {
        for (int i = 1; i <= 45; i++) Add(i, -1000 + i, "timed out");
        var result = await SweepAsync();
        Assert.Equal(Enumerable.Range(1, 20), Sent());
        Assert.Contains(result.Diagnostics, static d => d.Contains("25 more", StringComparison.Ordinal));
        await SweepAsync();
        await SweepAsync();
        await SweepAsync();
        Assert.Equal(Enumerable.Range(1, 45), Sent());
    }

    [Fact]
    public async Task The_list_is_read_page_by_page_as_far_as_it_is_new_and_within_its_limit()
    {
        _pageSize = 10;
        for (int i = 1; i <= 35; i++) Add(i, -4000 + (i * 100), i is 2 or 34 ? "timed out" : "OK");
        await SweepAsync();
        Assert.Equal([2, 34], Sent());
        Assert.Equal(4, Lists());
        Add(36, 10, "timed out");
        await SweepAsync();
        Assert.Equal([2, 34, 36], Sent());
        Assert.Equal(5, Lists());

        _probe = Probe(static o => o.MaxSweepPages = 2);
        Assert.Contains((await SweepAsync()).Diagnostics, static d => d.Contains("GitHub:MaxSweepPages", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(403, "{\"message\":\"Resource not accessible by personal access token\"}", "webhooks")]
    [InlineData(404, "{\"message\":\"Not Found\"}", "GitHub:RedeliverHooks")]
    [InlineData(500, "oops", "500")]
    [InlineData(200, "{}", "list")]
    [InlineData(200, "[", "JSON")]
    [InlineData(302, "", "redirected")]
    public async Task A_hook_that_cannot_be_read_is_said_and_makes_no_gate_blind(int status, string body, string expected)
    {
        Add(1, -120, "timed out");
        _instead = request => request.Path.Contains("/deliveries", StringComparison.Ordinal) ? (status, body, status == 302 ? [("Location", "https://evil.example/")] : []) : null;
        var result = await SweepAsync();
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.Contains(expected, Assert.Single(result.Diagnostics), StringComparison.Ordinal);
        _instead = null;
        await SweepAsync();
        Assert.Equal([1], Sent());
    }

    [Theory]
    [InlineData(422, true)]
    [InlineData(404, true)]
    [InlineData(500, false)]
    [InlineData(429, false)]
    public async Task A_delivery_that_GitHub_will_not_send_is_given_up_and_one_that_it_cannot_now_is_not(int status, bool isGivenUp)
    {
        Add(1, -120, "timed out");
        Add(2, -110, "timed out");
        _instead = request => request.Path.EndsWith("/1/attempts", StringComparison.Ordinal) ? (status, "{}", []) : null;
        var result = await SweepAsync();
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.Equal(isGivenUp ? [1, 2] : [1], Sent());
        _instead = null;
        _clock.Advance(TimeSpan.FromMinutes(5));
        await SweepAsync();
        Assert.Equal(isGivenUp ? [1, 2] : [1, 1, 2], Sent());
    }

    [Fact]
    public async Task Without_a_hook_and_between_sweeps_nothing_is_asked()
    {
        Add(1, -120, "timed out");
        await _probe.ProbeAsync(new ProbeBatch { Source = "github", At = _clock.GetUtcNow() }, CancellationToken.None);
        _probe = Probe(static o => o.RedeliverHooks.Clear());
        await SweepAsync();
        Assert.Equal(0, Lists());
    }

    [Fact]
    public async Task The_budget_is_kept()
    {
        for (int i = 1; i <= 10; i++) Add(i, -1000 + i, "timed out");
        var result = await _probe.ProbeAsync(new ProbeBatch { Source = "github", SweepSince = _clock.GetUtcNow().AddMinutes(-1), At = _clock.GetUtcNow(), Allowance = 6 }, CancellationToken.None);
        Assert.True(result.Calls <= 6, $"{result.Calls} calls");
        Assert.True(Sent().Count < 10);
    }

    [Fact]
    public async Task Garbage_in_the_list_throws_nothing_and_leads_nowhere_else()
    {
        var random = new Random(7);
        for (int i = 1; i <= 6; i++) Add(i, -1000 + i, i % 2 == 0 ? "timed out" : "OK");
        byte[] list = Encoding.UTF8.GetBytes(new JsonArray([.. _deliveries.Select(static d => d.DeepClone())]).ToJsonString());
        for (int i = 0; i < 300; i++)
        {
            string mutated = Encoding.UTF8.GetString(i % 3 == 0 ? Mutation.Bytes(list, random) : Mutation.Values(list, random));
            _instead = request => request.Path.Contains("/deliveries?", StringComparison.Ordinal) ? (200, mutated, []) : null;
            _probe = Probe();
            await SweepAsync();
        }
        Assert.All(_server.Requests.Where(static r => r.Path != "/graphql" && !r.Path.Contains("/pulls?", StringComparison.Ordinal)), static r => Assert.Matches(@"^/repos/acme/web/hooks/42/deliveries(\?per_page=100|/[1-9][0-9]*/attempts)$", r.Path));
    }

    private void Add(int id, int minutesOrSeconds, string status, string name = "push") => _deliveries.Insert(0, Delivery(id, minutesOrSeconds, id, status, name, isAgain: false));

    private void AddAgain(int id, int seconds, int of, string status) => _deliveries.Insert(0, Delivery(id, seconds, of, status, "push", isAgain: true));

    // Seconds from the tenth day; what is more than an hour off is meant in minutes.
    private static JsonObject Delivery(int id, int offset, int guid, string status, string name, bool isAgain) => new()
    {
        ["id"] = id,
        ["guid"] = $"guid-{guid}",
        ["delivered_at"] = Payloads.At((10 * 86_400) + (offset < -4000 ? offset * 60 : offset)),
        ["redelivery"] = isAgain,
        ["duration"] = 0.3,
        ["status"] = status,
        ["status_code"] = status == "OK" ? 202 : 503,
        ["event"] = name,
        ["action"] = null,
        ["installation_id"] = null,
        ["repository_id"] = 1,
        ["throttled_at"] = null,
    };

    private IProbe Probe(Action<GitHubOptions>? change = null)
    {
        var options = Hook.Options(o =>
        {
            (o.Token, o.BaseAddress) = ("ghp_secret_token", _server.Address);
            o.RedeliverHooks.Add(Hooked);
            change?.Invoke(o);
        });
        return GitHubAdapter.Create(options, _http, _clock).Probe!;
    }

    private async Task<ProbeResult> SweepAsync() =>
        await _probe.ProbeAsync(new ProbeBatch { Source = "github", SweepSince = _clock.GetUtcNow().AddMinutes(-1), At = _clock.GetUtcNow() }, CancellationToken.None);

    private List<int> Sent() =>
    [
        .. _server.Requests.Where(static r => r.Method == "POST" && r.Path.EndsWith("/attempts", StringComparison.Ordinal)).Select(static r => int.Parse(r.Path.Split('/')[^2], System.Globalization.CultureInfo.InvariantCulture)),
    ];

    private int Lists() => _server.Requests.Count(static r => r.Path.Contains("/deliveries?", StringComparison.Ordinal));

    private (int, string, (string, string)[]) Answer(Loopback.Request request)
    {
        if (_instead?.Invoke(request) is { } other) return other;
        if (request.Path == "/graphql") return (200, """{"data":{"r0":{"nameWithOwner":"acme/web"}}}""", []);
        if (request.Path.StartsWith("/repos/acme/web/pulls?", StringComparison.Ordinal)) return (200, "[]", []);
        if (request.Path.EndsWith("/attempts", StringComparison.Ordinal)) return (202, "", []);
        if (!request.Path.StartsWith($"/{Hooked}/deliveries?", StringComparison.Ordinal)) return (404, "{}", []);
        int at = request.Path.IndexOf("cursor=", StringComparison.Ordinal) is > 0 and var cursor ? int.Parse(request.Path[(cursor + 7)..], System.Globalization.CultureInfo.InvariantCulture) : 0;
        string body = new JsonArray([.. _deliveries.Skip(at).Take(_pageSize).Select(static d => d.DeepClone())]).ToJsonString();
        return (200, body, at + _pageSize < _deliveries.Count ? [("Link", $"<{_server.Address}{Hooked}/deliveries?per_page=100&cursor={at + _pageSize}>; rel=\"next\"")] : []);
    }
}
