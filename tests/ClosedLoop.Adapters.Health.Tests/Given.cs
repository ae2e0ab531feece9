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
