using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Adapters.Health.Tests;

public sealed class OptionsTests
{
    private static readonly Uri Somewhere = new("https://shop.example.org/");

    public static TheoryData<string, Action<HealthOptions>> Mistakes => new()
    {
        { "Health:PollInterval", static o => o.PollInterval = TimeSpan.Zero },
        { "Health:SteadyInterval", static o => o.SteadyInterval = TimeSpan.FromSeconds(1) },
        { "Health:Http:0:Name", static o => o.Http[0].Name = "Web Front" },
        { "Health:Prometheus:0:Name", static o => o.Prometheus[0].Name = "web" },
        { "Health:Http:0:Environment", static o => o.Http[0].Environment = "" },
        { "Health:Http:0:Environment", static o => o.Http[0].Environment = "production/eu" },
        { "Health:Http:0:Target", static o => o.Http[0].Target = " " },
        { "Health:Http:0:Gate", static o => o.Http[0].Gate = "" },
        { "Health:Http:0:Repository", static o => o.Http[0].Repository = "web" },
        { "Health:Http:0:Of", static o => o.Http[0].Of = 0 },
        { "Health:Http:0:Successes", static o => o.Http[0].Successes = 2 },
        { "Health:Http:0:RegressedAfter", static o => o.Http[0].RegressedAfter = -1 },
        { "Health:Http:0:RequestTimeout", static o => o.Http[0].RequestTimeout = Timeout.InfiniteTimeSpan },
        { "Health:Http:0:Authorization", static o => o.Http[0].Authorization = "" },
        { "Health:Http:0:Authorization", static o => o.Http[0].Authorization = "Bearer canary\n" },
        { "Health:Http:0:Address", static o => o.Http[0].Address = null },
        { "Health:Http:0:Address", static o => o.Http[0].Address = new Uri("https://ann:canary@shop.example.org/") },
        { "Health:Http:0:VersionAddress", static o => o.Http[0].VersionAddress = new Uri("file:///etc/passwd") },
        { "Health:Http:0:Statuses", static o => o.Http[0].Statuses.Clear() },
        { "Health:Http:0:Statuses", static o => o.Http[0].Statuses.Add(302) },
        { "Health:Http:0:BodyValues", static o => o.Http[0].BodyValues.Clear() },
        { "Health:Http:0:BodyPath", static o => o.Http[0].BodyPath = "a..b" },
        { "Health:Http:0:VersionHeader", static o => (o.Http[0].VersionPath, o.Http[0].VersionHeader) = (null, "X Revision") },
        { "Health:Http:0:VersionPath", static o => o.Http[0].VersionHeader = "X-Revision" },
        { "Health:Prometheus:0:Address", static o => o.Prometheus[0].Address = new Uri("https://shop.example.org/?token=canary") },
        { "Health:Prometheus:0:Query", static o => o.Prometheus[0].Query = " " },
        { "Health:Prometheus:0:Threshold", static o => o.Prometheus[0].Threshold = null },
        { "Health:Prometheus:0:Threshold", static o => o.Prometheus[0].BaselineQuery = "x" },
        { "Health:Prometheus:0:Threshold", static o => o.Prometheus[0].Threshold = double.NaN },
        { "Health:Prometheus:0:BaselineFactor", static o => o.Prometheus[0].BaselineFactor = 0 },
        { "Health:Prometheus:0:Comparison", static o => o.Prometheus[0].Comparison = (HealthComparison)9 },
        { "Health:Prometheus:0:VersionQuery", static o => o.Prometheus[0].Query = "x{v=\"$version\"}" },
        { "Health:Prometheus:0:VersionLabel", static o => o.Prometheus[0].VersionLabel = "a b" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_refused_by_name_and_no_secret_is_repeated(string option, Action<HealthOptions> mistake)
    {
        var options = Given.Options(Given.Http(Somewhere), Given.Prometheus(Somewhere));
        mistake(options);
        using var http = new HttpClient();
        var e = Assert.Throws<OptionsValidationException>(() => HealthAdapter.Create(options, http, TimeProvider.System));
        string failure = Assert.Single(e.Failures);
        Assert.StartsWith(option + " ", failure, StringComparison.Ordinal);
        Assert.Contains("; ", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_are_named_at_once()
    {
        using var http = new HttpClient();
        var e = Assert.Throws<OptionsValidationException>(() => HealthAdapter.Create(Given.Options(new HttpHealthCheck(), new PrometheusHealthCheck()), http, TimeProvider.System));
        Assert.InRange(e.Failures.Count(), 7, 20);
        e = Assert.Throws<OptionsValidationException>(() => HealthAdapter.Create(new HealthOptions(), http, TimeProvider.System));
        Assert.Contains("Health lists 0 checks", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_registration_names_a_writer_for_each_check_and_takes_no_webhooks()
    {
        using var http = new HttpClient();
        var adapter = HealthAdapter.Create(Given.Options(Given.Http(Somewhere), Given.Prometheus(Somewhere, static c => c.Gate = "slo")), http, TimeProvider.System);
        Assert.Equal(["health:web", "health:errors"], adapter.Writers.Select(static w => w.ToString()));
        Assert.Equal([Gates.Healthy, "slo"], adapter.Gates.AsEnumerable());
        Assert.Null(adapter.Translator);
        Assert.Null(adapter.Authenticator);
        Assert.Empty(adapter.ProbeSchemes);
        Assert.Equal(TimeSpan.FromSeconds(30), adapter.PollInterval);
    }

    [Fact]
    public async Task A_service_that_uses_it_starts_with_one_line()
    {
        var services = new ServiceCollection();
        services.AddClosedLoop(static loop => loop.AddHealth(static o => o.Http.Add(Given.Http(Somewhere))));
        await using var provider = services.BuildServiceProvider();
        Assert.Equal("health", provider.GetServices<AdapterRegistration>().Concat(provider.GetServices<Func<IServiceProvider, AdapterRegistration>>().Select(f => f(provider))).First().Name);
    }
}
