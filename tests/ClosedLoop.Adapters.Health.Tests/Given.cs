using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;
using ClosedLoop.Testing.Time;

namespace ClosedLoop.Adapters.Health.Tests;

/// <summary>The world that the tests share: checks of production/eu, and versions a, b, c.</summary>
internal static class Given
{
    public const string Repository = "acme/web";

    public static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    public static string Sha(char c) => new(c, 40);

    public static string Digest(char c) => "sha256:" + new string(c, 64);

    public static HttpHealthCheck Http(Uri service, Action<HttpHealthCheck>? change = null)
    {
        var check = new HttpHealthCheck { Name = "web", Environment = "production", Target = "eu", Address = new Uri(service, "/health"), Repository = Repository, BodyPath = "status", VersionPath = "commit" };
        check.BodyValues.Add("UP");
        change?.Invoke(check);
        return check;
    }

    public static PrometheusHealthCheck Prometheus(Uri service, Action<PrometheusHealthCheck>? change = null)
    {
        var check = new PrometheusHealthCheck { Name = "errors", Environment = "production", Target = "eu", Address = service, Repository = Repository, Query = "errors", Threshold = 0.05 };
        change?.Invoke(check);
        return check;
    }

    public static HealthOptions Options(params HealthCheckOptions[] checks)
    {
        var options = new HealthOptions();
        foreach (var check in checks)
        {
            if (check is HttpHealthCheck http) options.Http.Add(http);
            else options.Prometheus.Add((PrometheusHealthCheck)check);
        }
        return options;
    }

    public const string AlertToken = "canary-alert-token-4f2a";

    /// <summary>The alerts of the service "web", which runs in production/eu.</summary>
    public static HealthOptions Alerts(Action<AlertRule>? change = null, params HealthCheckOptions[] checks)
    {
        var options = Options(checks);
        options.AlertToken = AlertToken;
        var rule = new AlertRule { Name = "alerts", Environment = "production", Target = "eu", Repository = Repository, Labels = { ["service"] = "web" } };
        change?.Invoke(rule);
        options.Alerts.Add(rule);
        return options;
    }

    /// <summary>An alert as Alertmanager sends it; it fires unless it has an end.</summary>
    public static JsonObject Alert(string name, double from, double? to = null, string service = "web", string? revision = null)
    {
        var labels = new JsonObject { ["alertname"] = name, ["service"] = service, ["severity"] = "critical" };
        if (revision is not null) labels["revision"] = revision;
        return new JsonObject
        {
            ["status"] = to is null ? "firing" : "resolved",
            ["labels"] = labels,
            ["annotations"] = new JsonObject { ["summary"] = "5% of requests fail" },
            ["startsAt"] = Instant(from),
            ["endsAt"] = to is { } end ? Instant(end) : "0001-01-01T00:00:00Z",
            ["generatorURL"] = "https://prometheus.example/graph",
            ["fingerprint"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(labels.ToJsonString())).AsSpan(0, 8)),
        };
    }

    public static JsonObject Notification(params JsonObject[] alerts) => new()
    {
        ["receiver"] = "closedloop",
        ["status"] = alerts.Any(static a => (string)a["status"]! == "firing") ? "firing" : "resolved",
        ["alerts"] = new JsonArray([.. alerts.Select(static a => a.DeepClone())]),
        ["groupLabels"] = new JsonObject { ["service"] = "web" },
        ["commonLabels"] = new JsonObject { ["service"] = "web" },
        ["commonAnnotations"] = new JsonObject(),
        ["externalURL"] = "https://alertmanager.example",
        ["version"] = "4",
        ["groupKey"] = "{}:{service=\"web\"}",
        ["truncatedAlerts"] = 0,
    };

    public static WebhookDelivery Delivery(JsonNode body, string? authorization = "Bearer " + AlertToken) => Delivery(body.ToJsonString(), authorization);

    public static WebhookDelivery Delivery(string body, string? authorization = "Bearer " + AlertToken)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["User-Agent"] = "Alertmanager/0.25.0" };
        if (authorization is not null) headers["Authorization"] = authorization;
        return new WebhookDelivery { Source = HealthAdapter.Name, ReceivedAt = Start, Body = Encoding.UTF8.GetBytes(body), Headers = headers };
    }

    private static string Instant(double minutes) => (Start + TimeSpan.FromMinutes(minutes)).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static Observer Observe(params HealthCheckOptions[] checks) => new(Options(checks));

    public static string Up(char? version, string status = "UP") => version is { } v ? $"{{\"status\":\"{status}\",\"commit\":\"{Sha(v)}\"}}" : $"{{\"status\":\"{status}\"}}";

    /// <summary>The adapter with a clock of its own.</summary>
    internal sealed class Observer
    {
        public Observer(HealthOptions options, TimeProvider? time = null) =>
            Adapter = HealthAdapter.Create(options, new HttpClient(SourceClient.CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan }, time ?? Time);

        public ManualTimeProvider Time { get; } = new(Start);

        public AdapterRegistration Adapter { get; }

        public ValueTask<ProbeResult> SweepAsync(int allowance = int.MaxValue) =>
            Adapter.Probe!.ProbeAsync(new ProbeBatch { Source = "health", SweepSince = Time.GetUtcNow(), At = Time.GetUtcNow(), Allowance = allowance }, default);

        /// <summary>Looks after a time, and returns the one fact.</summary>
        public async Task<Fact> LookAsync(double minutes = 1)
        {
            Time.Advance(TimeSpan.FromMinutes(minutes));
            return Assert.Single((await SweepAsync()).Facts);
        }
    }
}
