using Interphase.Measurements;
using Interphase.Titration;

namespace Interphase.Tests.Titration;

public class SurfaceResponseTests
{
    [Fact]
    public void Short_times_are_planar_with_the_known_correction_of_the_sphere()
    {
        foreach (var T in new[] { 1e-6, 1e-5, 1e-4, 1e-3 })
        {
            var total = (3 * SurfaceResponse.Excess(ParticleGeometry.Sphere, T)) + (3 * T);
            var planar = 2 * Math.Sqrt(T / Math.PI);
            Assert.Equal(1 + (0.5 * Math.Sqrt(Math.PI * T)) + (2 * T / 3), total / planar, 4);
            Assert.Equal(planar, SurfaceResponse.Excess(ParticleGeometry.Slab, T) + T, 9);
        }
    }

    [Fact]
    public void Long_times_are_stationary_and_the_two_forms_meet()
    {
        Assert.Equal(1.0 / 15, SurfaceResponse.Excess(ParticleGeometry.Sphere, 5), 12);
        Assert.Equal(1.0 / 3, SurfaceResponse.Excess(ParticleGeometry.Slab, 5), 12);
        foreach (var geometry in Enum.GetValues<ParticleGeometry>())
        {
            Assert.Equal(SurfaceResponse.Excess(geometry, 0.05 - 1e-12), SurfaceResponse.Excess(geometry, 0.05 + 1e-12), 7);
        }
    }

    [Fact]
    public void The_table_is_the_exact_form()
    {
        foreach (var geometry in Enum.GetValues<ParticleGeometry>())
        {
            for (var u = -9.0; u < 0.39; u += 0.0137)
            {
                var T = Math.Pow(10, u);
                var exact = SurfaceResponse.Excess(geometry, T);
                Assert.True(Math.Abs(SurfaceResponse.Fast(geometry, T) - exact) <= 3e-6 * exact, $"{geometry} at {T}");
            }
        }
    }
}
