using System.Text;
using ClosedLoop.AspNetCore.Problems;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.AspNetCore.Dashboard.Rendering;

/// <summary>A page, with the headers that keep it from being framed, cached, sniffed or made to run what is not its own.</summary>
internal sealed class HtmlAnswer(int status, string html) : Answer(status)
{
    /// <summary>Nothing but what this dashboard itself serves; no inline script or style.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    protected override void AddHeaders(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        headers.Vary = PageRenderer.FragmentHeader;
    }

    protected override byte[] Body(out string contentType)
    {
        contentType = "text/html; charset=utf-8";
        return Encoding.UTF8.GetBytes(html);
    }
}
