namespace ClosedLoop.AspNetCore.Dashboard.Rendering;

/// <summary>
/// What the components of one page are given by <c>@inject</c>: the frame and the page's model. Razor makes every component and its parameters
/// public, while what is injected may stay internal.
/// </summary>
internal sealed class PageServices(IServiceProvider services, PageFrame frame) : IServiceProvider
{
    public object? GetService(Type serviceType) =>
        serviceType == typeof(PageFrame) ? frame : serviceType == frame.Page.Model.GetType() ? frame.Page.Model : services.GetService(serviceType);
}
