using ClosedLoop.Alerting.Incidents;
using ClosedLoop.AspNetCore.Dashboard.Live;
using ClosedLoop.Hosting;
using ClosedLoop.Insights.Flow;
using ClosedLoop.Intake;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.AspNetCore.Dashboard;

/// <summary>What the dashboard uses of its host.</summary>
internal sealed class DashboardServices(IServiceProvider services, ClosedLoopDashboardOptions options)
{
    public ClosedLoopDashboardOptions Options { get; } = options;

    public IClosedLoop Loop { get; } = services.GetRequiredService<IClosedLoop>();

    public ILoopQueries Queries { get; } = services.GetRequiredService<ILoopQueries>();

    /// <summary>Null when the host has no alerting.</summary>
    public IIncidents? Incidents { get; } = services.GetService<IIncidents>();

    /// <summary>Null when the host has no insights.</summary>
    public IFlow? Flow { get; } = services.GetService<IFlow>();

    /// <summary>Null unless actions are on.</summary>
    public IAntiforgery? Antiforgery { get; } = options.AllowActions ? services.GetRequiredService<IAntiforgery>() : null;

    public TimeProvider Time { get; } = services.GetRequiredService<TimeProvider>();

    public ILoggerFactory Loggers { get; } = services.GetRequiredService<ILoggerFactory>();

    public ChangeHints Hints { get; } = new(services.GetRequiredService<TransitionFeed>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<IHostApplicationLifetime>(), options.MaxStreams);
}
