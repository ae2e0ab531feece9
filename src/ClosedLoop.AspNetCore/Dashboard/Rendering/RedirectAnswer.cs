using ClosedLoop.AspNetCore.Problems;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.AspNetCore.Dashboard.Rendering;

/// <summary>Sends the browser on to a page after a form was taken, so that loading it again sends nothing twice.</summary>
internal sealed class RedirectAnswer(string address) : Answer(StatusCodes.Status303SeeOther)
{
    protected override void AddHeaders(HttpResponse response) => response.Headers.Location = address;

    protected override byte[] Body(out string contentType)
    {
        contentType = "text/plain; charset=utf-8";
        return [];
    }
}
