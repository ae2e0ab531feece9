using ClosedLoop.AspNetCore.Problems;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.AspNetCore.Dashboard.Rendering;

/// <summary>An embedded file. Its address changes with its content, so it may be kept for a year.</summary>
internal sealed class AssetAnswer(DashboardAsset asset) : Answer(StatusCodes.Status200OK)
{
    protected override void AddHeaders(HttpResponse response)
    {
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        response.Headers.ContentSecurityPolicy = "default-src 'none'";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }

    protected override byte[] Body(out string contentType)
    {
        contentType = asset.ContentType;
        return asset.Content;
    }
}
