using System.Buffers;
using ClosedLoop.AspNetCore;
using ClosedLoop.AspNetCore.Dashboard;
using ClosedLoop.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the dashboard of ClosedLoop.</summary>
public static class ClosedLoopDashboardEndpointRouteBuilderExtensions
{
    private static readonly SearchValues<char> NotPlain = SearchValues.Create("{}?#*\\");

    /// <summary>
    /// Maps the dashboard: board, items, what is stuck, lines, flow and the watcher itself, as pages under <paramref name="prefix"/>. Pages need no
    /// JavaScript and follow the record live with it. Who may see them is the host's: <c>app.MapClosedLoopDashboard("/loop").RequireAuthorization()</c>.
    /// </summary>
    /// <param name="endpoints">The host's endpoints.</param>
    /// <param name="prefix">Where the pages are; a path without parameters.</param>
    /// <param name="configure">Changes the options.</param>
    /// <exception cref="InvalidOperationException">ClosedLoop was not added, the prefix has parameters, or an option is wrong; the message says how to fix it.</exception>
    public static IEndpointConventionBuilder MapClosedLoopDashboard(this IEndpointRouteBuilder endpoints, string prefix = "/loop", Action<ClosedLoopDashboardOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        if (prefix.AsSpan().ContainsAny(NotPlain)) throw new InvalidOperationException($"The dashboard cannot be mapped at '{prefix}': use a plain path, such as /loop.");
        var options = new ClosedLoopDashboardOptions();
        configure?.Invoke(options);
        options.Validate();
        var services = endpoints.ServiceProvider;
        if (services.GetService<ILoopQueries>() is null) throw new InvalidOperationException("The dashboard cannot be mapped: call builder.Services.AddClosedLoop(…) first.");
        if (options.AllowActions && services.GetService<IAntiforgery>() is null)
            throw new InvalidOperationException("Dashboard:AllowActions is on and nothing protects its forms: call builder.Services.AddAntiforgery() first.");
        var dashboard = new DashboardEndpoints(new DashboardServices(services, options));
        var group = endpoints.MapGroup(prefix);
        dashboard.Map(group);
        return group;
    }
}
