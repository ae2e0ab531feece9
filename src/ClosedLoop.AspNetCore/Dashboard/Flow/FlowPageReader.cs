using ClosedLoop.AspNetCore.Api;
using ClosedLoop.AspNetCore.Dashboard.Rendering;
using ClosedLoop.Insights.Flow;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.AspNetCore.Dashboard.Flow;

/// <summary>Reads the flow report, when the host has insights.</summary>
internal sealed class FlowPageReader(IFlow? flow)
{
    public async ValueTask<Page> ReadAsync(HttpContext context)
    {
        var report = flow is null ? null : await flow.ReportAsync(context.RequestAborted).ConfigureAwait(false);
        string? wanted = RequestRead.Query(context, "pipeline");
        var pipeline = report?.Pipelines.FirstOrDefault(p => p.Pipeline == wanted) ?? (report?.Pipelines.Count > 0 ? report.Pipelines[0] : null);
        return Page.Of<FlowPage>(new FlowModel { Report = report, Pipeline = pipeline }, "Flow", Section.Flow);
    }
}
