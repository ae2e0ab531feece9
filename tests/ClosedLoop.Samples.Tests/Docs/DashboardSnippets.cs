using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Samples.Tests.Docs;

/// <summary>The code of docs/dashboard.md and of the README's part about asking the record.</summary>
internal static class DashboardSnippets
{
    public static void Ask(WebApplication app)
    {
        app.MapClosedLoopDashboard("/loop").RequireAuthorization();   // pages: board, item, stuck, lines, flow, watcher
        app.MapClosedLoopApi("/api");                                 // JSON, OpenAPI, a stream of changes
        app.MapClosedLoopMetrics("/metrics");                         // Prometheus
    }

    public static void Read(WebApplication app)
    {
        app.MapClosedLoopDashboard("/loop").RequireAuthorization();
    }

    public static void Act(WebApplicationBuilder builder, WebApplication app)
    {
        builder.Services.AddAntiforgery();
        app.MapClosedLoopDashboard("/loop", o => o.AllowActions = true).RequireAuthorization("delivery-team");
    }
}
