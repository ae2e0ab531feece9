using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Testing.Sandbox.Http;

/// <summary>The HTTP face of one simulated system.</summary>
internal interface ISandboxApi
{
    Task HandleAsync(HttpContext context);
}
