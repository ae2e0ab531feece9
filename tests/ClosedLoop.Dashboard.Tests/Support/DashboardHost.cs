using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using ClosedLoop.Adapters;
using ClosedLoop.Alerting;
using ClosedLoop.AspNetCore;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Insights;
using ClosedLoop.Insights.Flow;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Dashboard.Tests.Support;

/// <summary>A host with the dashboard on a real socket.</summary>
internal sealed class DashboardHost : IAsyncDisposable
{
    private DashboardHost(WebApplication app) => App = app;

    public WebApplication App { get; }

    public Uri Address => new(App.Urls.First());

    public IServiceProvider Services => App.Services;

    public IClosedLoop Loop => Services.GetRequiredService<IClosedLoop>();

    public string Page(string path) => new Uri(Address, "/loop" + path).ToString();

    public static async Task<DashboardHost> StartAsync(
        Action<ClosedLoopDashboardOptions>? configure = null, Action<ClosedLoopBuilder>? loop = null, bool alerting = true, bool insights = true, Action<IEndpointConventionBuilder>? conventions = null, TimeProvider? time = null, IFlow? flow = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static k => k.Listen(IPAddress.Loopback, 0));
        if (time is not null) builder.Services.AddSingleton(time);
        builder.Services.AddAntiforgery();
        builder.Services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, HeaderUser>("test", null);
        builder.Services.AddAuthorization();
        builder.Services.AddClosedLoop(l =>
        {
            if (alerting) l.AddAlerting(static a => a.Configure(static o => o.LookInterval = TimeSpan.FromSeconds(1)));
            if (insights) l.AddInsights();
            l.SpeakAs(World.Host);
            loop?.Invoke(l);
        });
        if (flow is not null) builder.Services.AddSingleton(flow);
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        var dashboard = app.MapClosedLoopDashboard("/loop", configure);
        conventions?.Invoke(dashboard);
        await app.StartAsync();
        return new DashboardHost(app);
    }

    /// <summary>Adds a source that answers, and one that does not.</summary>
    public static void AddSources(ClosedLoopBuilder loop) => loop
        .AddAdapter(static _ => Source("github", [Gates.PrOpened, Gates.Reviewed, Gates.Merged], ProbeResult.Reached([])))
        .AddAdapter(static _ => Source("registry", [Gates.ImageBuilt], ProbeResult.Unreachable("503 Service Unavailable from registry.example")));

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
    }

    private static AdapterRegistration Source(string name, string[] gates, ProbeResult answer) => new()
    {
        Name = name,
        Writers = [World.Scm, World.Registry],
        Gates = [.. gates],
        Probe = new FixedProbe(answer),
        ProbeSchemes = [KeySchemes.PullRequest],
        CallsPerHour = 4_000,
    };

    private sealed class FixedProbe(ProbeResult answer) : IProbe
    {
        public ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, CancellationToken cancellationToken) => ValueTask.FromResult(answer);
    }

    /// <summary>Stands for the host's authentication: the header X-User names who is signed in.</summary>
    private sealed class HeaderUser(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            string user = Request.Headers["X-User"].ToString();
            if (user.Length == 0) return Task.FromResult(AuthenticateResult.NoResult());
            var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, user)], Scheme.Name);
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name)));
        }
    }
}
